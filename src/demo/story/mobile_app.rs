//! The board of the app that drivers use.

use super::Board;

pub const BOARD: Board = Board {
    key: "MOB",
    name: "Mobile app",
    labels: &["ios", "android", "design", "bug", "release"],
    tasks: &[
        (
            "Interview five drivers about the app",
            "Half an hour each, in the van if they let us. Ask what they did yesterday, not what they \
             would like.\n\n\
             1. Where do you lose time?\n\
             2. When did you last type the same thing twice?\n\
             3. What do you do when there is no network?",
        ),
        ("Sketch the delivery screen", ""),
        ("Build the delivery screen for Android", ""),
        ("Build the delivery screen for iOS", ""),
        (
            "Show the next three stops",
            "Not the whole tour. Two of the drivers in MOB-1 said that the long list frightens them at \
             six in the morning.",
        ),
        (
            "Keep the list when the network is gone",
            "In the basement garage there is no network for up to ten minutes.\n\n\
             - [ ] the list of the day is on the phone\n\
             - [ ] it says how old it is\n\
             - [ ] nothing is grey that works without network",
        ),
        ("Send what was typed once the network is back", ""),
        (
            "Scan parcels by camera",
            "Code 128 and QR. At arm's length and in under a second, also when the label goes around a \
             corner.",
        ),
        ("Read labels in bad light", ""),
        ("Vibrate on a successful scan", ""),
        (
            "Make the buttons big enough for gloves",
            "At least 64 px, and 12 px apart. Tried with the winter gloves from the depot, not with a \
             finger.",
        ),
        ("Sign in by link", ""),
        ("Stay signed in for a shift", ""),
        (
            "Fix the crash when the camera is refused",
            "The permission is refused once, and asked for again:\n\n\
             ```\n\
             java.lang.IllegalStateException: camera is not open\n\
             at ScanFragment.onResume(ScanFragment.kt:88)\n\
             ```",
        ),
        ("Explain why the camera is needed", ""),
        ("Save battery in the background", ""),
        (
            "Measure battery use over a shift",
            "Three phones, eight hours, the screen on as long as on a usual day. Goal: 30 % left at the \
             end of the shift.",
        ),
        ("Show the route on a map", ""),
        ("Open the route in the driver's own map app", ""),
        ("Collect signatures", ""),
        ("Take a picture of the doorstep", ""),
        (
            "Blur faces in doorstep pictures",
            "Only where the parcel lies is our business. It is done on the phone, before anything is \
             sent; the picture as it was taken is not kept.",
        ),
        ("Upload pictures in the background", ""),
        (
            "Tell the customer about a delay",
            "> We will be about 40 minutes late. You do not have to do anything.\n\n\
             Once, when it is more than half an hour. Not again because it changes by five minutes.",
        ),
        ("Translate the app to Arabic", ""),
        (
            "Mirror the layout for right-to-left",
            "Arrows and the progress bar turn around, the map and the clock do not.",
        ),
        ("Support large text", ""),
        ("Label all buttons for TalkBack", ""),
        ("Label all buttons for VoiceOver", ""),
        (
            "Set up the beta channel",
            "- [ ] in both stores\n\
             - [ ] an icon of its own, so that nobody mixes them up\n\
             - [ ] crash reports say which build it is\n\
             - [ ] a way back to what is released",
        ),
        ("Invite twenty drivers to the beta", ""),
        ("Collect crash reports without personal data", ""),
        ("Fix the crash on Android 12", ""),
        ("Fix the stuck spinner after sign-in", ""),
        (
            "Fix the double entry after a retry",
            "API-26 as the phone sees it: the first request got through, only its answer was lost. The \
             app has to send the same id again, and makes a new one today.",
        ),
        (
            "Shrink the download by half",
            "62 MB today, and drivers pay for it themselves.\n\n\
             | part | MB |\n\
             |---|---|\n\
             | maps | 24 |\n\
             | scanner | 17 |\n\
             | fonts | 9 |\n\
             | ours | 12 |",
        ),
        ("Start in under a second", ""),
        ("Remember the last tab", ""),
        ("Undo a delivery within ten seconds", ""),
        ("Ask before a delivery is cancelled", ""),
        ("Show the working hours of the week", ""),
        ("Print the shift report", ""),
        (
            "Let drivers report a wrong address",
            "Two taps: *This address is wrong*, then the pin where it should be. Text is for whoever \
             wants to write; nobody has to type in the van.",
        ),
        ("Learn from wrong addresses", ""),
        ("Push only what matters", ""),
        ("Quiet hours for notifications", ""),
        (
            "Prepare the store pages",
            "- [ ] texts in four languages\n\
             - [ ] pictures\n\
             - [ ] privacy labels\n\
             - [ ] somebody who answers reviews",
        ),
        ("Write the privacy labels for the stores", ""),
        ("Take the screenshots for the stores", ""),
        (
            "Answer the first store review",
            "> Two stars. It works, but my battery is empty at noon.\n\n\
             Thank him, ask which phone he has, and promise nothing. MOB-16 is in the next version.",
        ),
        (
            "Plan the rollout by depot",
            "Hamburg first, they asked for it. A week each, and nothing in a week with a holiday.\n\n\
             - [ ] dates with the depot leads\n\
             - [ ] how we go back if it does not work\n\
             - [ ] who is there on the first morning",
        ),
        ("Roll out to the Hamburg depot", ""),
        ("Roll out to the Porto depot", ""),
        ("Train the depot leads", ""),
        (
            "Write the one-page guide for drivers",
            "In pictures. What does not fit on one page is too complicated in the app.",
        ),
        (
            "Compare scan times before and after",
            "200 parcels with the old scanner and 200 with the phone, the same people at the same ramp.",
        ),
        ("Decide about tablets", ""),
        ("Test with a cracked screen protector", ""),
        ("Test in the basement garage", ""),
        (
            "Fix the clock that is wrong on old phones",
            "Phones that had no network for days are up to four minutes off, and parcels seem to be \
             delivered before they were loaded. Take the server's time and what went by since then, not \
             the phone's clock.",
        ),
        ("Support the new parcel label", ""),
        (
            "Retire the old scanner app",
            "- [ ] nobody has used it for two weeks\n\
             - [ ] the scanners are back\n\
             - [ ] it is out of the store\n\
             - [ ] its server is off",
        ),
        ("Collect the old scanners", ""),
        ("Thank the beta drivers", ""),
        ("Look at the numbers after the first month", ""),
        ("Choose the next depot", ""),
    ],
};
