//! The mails about accounts: what happened, and what to do.

use crate::server::{mail::Mail, settings::Settings};

/// A link to choose a new password.
pub fn reset(settings: &Settings, to: &str, name: &str, token: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Choose a new password for Skateboard",
        text: format!(
            "Hello {name},\n\n\
             somebody, probably you, asked for a new password for your account at {site}.\n\
             Open this link within one hour to choose one:\n\n{link}\n\n\
             It works once. If it was not you, ignore this mail: your password stays as it is.\n",
            site = settings.origin(),
            link = settings.link(&format!("/reset-password/{token}")),
        ),
    }
}

/// A link that completes a registration. It repeats nothing of what was typed: anybody can have it sent to anybody.
pub fn confirm_registration(settings: &Settings, to: &str, token: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Confirm your address for Skateboard",
        text: format!(
            "Hello,\n\n\
             somebody, probably you, wants to create an account with this address at {site}.\n\
             Open this link within one day to confirm that the address is yours:\n\n{link}\n\n\
             If it was not you, ignore this mail: no account is created.\n",
            site = settings.origin(),
            link = settings.link(&format!("/confirm-email/{token}")),
        ),
    }
}

/// Says to the owner of an account that somebody tried to register with its address.
pub fn already_registered(settings: &Settings, to: &str, name: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "You have an account on Skateboard already",
        text: format!(
            "Hello {name},\n\n\
             somebody, probably you, wanted to create an account with this address at {site}.\n\
             There is one already. Sign in with it:\n\n{sign_in}\n\n\
             If you do not remember the password, choose a new one:\n\n{forgot}\n\n\
             If it was not you, there is nothing to do.\n",
            site = settings.origin(),
            sign_in = settings.link("/sign-in"),
            forgot = settings.link("/forgot-password"),
        ),
    }
}

/// A link that confirms the new address of an account.
pub fn confirm_address(settings: &Settings, to: &str, name: &str, token: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Confirm your new address for Skateboard",
        text: format!(
            "Hello {name},\n\n\
             you want to sign in at {site} with this address from now on.\n\
             Open this link within one day to confirm that it is yours:\n\n{link}\n\n\
             Until then the old address stays. If it was not you, ignore this mail.\n",
            site = settings.origin(),
            link = settings.link(&format!("/confirm-email/{token}")),
        ),
    }
}

/// Says to the old address that it is not the account's any more.
pub fn address_changed(settings: &Settings, to: &str, name: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "The address of your Skateboard account was changed",
        text: format!(
            "Hello {name},\n\n\
             your account at {site} has another email address now, and this one no longer signs in.\n\
             If it was not you, tell whoever runs this server.\n",
            site = settings.origin(),
        ),
    }
}

/// Says to the address of an account that it is deleted. It is the last mail that goes there.
pub fn account_deleted(settings: &Settings, to: &str, name: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "Your Skateboard account was deleted",
        text: format!(
            "Hello {name},\n\n\
             your account at {site} was deleted just now, with your name, this address and everything that signed you in.\n\
             It cannot be brought back. This address can be used for a new account.\n\
             If it was not you, tell whoever runs this server.\n",
            site = settings.origin(),
        ),
    }
}

/// Says that the password is another one now.
pub fn password_changed(settings: &Settings, to: &str, name: &str) -> Mail {
    Mail {
        to: to.to_owned(),
        subject: "The password of your Skateboard account was changed",
        text: format!(
            "Hello {name},\n\n\
             the password of your account at {site} was changed just now. Other browsers were signed out, and the API tokens ended.\n\
             If it was not you, choose a new one at once:\n\n{forgot}\n",
            site = settings.origin(),
            forgot = settings.link("/forgot-password"),
        ),
    }
}
