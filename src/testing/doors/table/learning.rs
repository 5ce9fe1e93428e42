//! What is learned from the work.

use super::{
    GOVERN, READ, ROW, TOO_LONG, TOO_LONG_ANSWER, in_team, new_id, of_feedback, of_hypothesis,
};
use crate::testing::doors::{Action, Actor, TypedForm};

pub const ACTIONS: &[Action] = &[
    // Insights.
    Action {
        path: "insights/requests/load_figures",
        rule: GOVERN,
        sample: |world| in_team(world, [("from", "2026-03-01"), ("to", "2026-04-25")]),
        ..ROW
    },
    Action {
        path: "insights/requests/record_warning",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let fields = [
                ("warning", "shown"),
                ("typed_at", "new_task"),
                ("tasks", "3"),
            ];
            in_team(world, fields)
        },
        ..ROW
    },
    // Feedback.
    Action {
        path: "feedback/requests/add_feedback_tag",
        rule: GOVERN,
        sample: |world| of_feedback(world, [("tag", "board")]),
        texts: &["tag"],
        form: Some(TypedForm {
            page: |world| world.team.path("/insights"),
            field: "tag",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "feedback/requests/ask_for_feedback",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "feedback/requests/dismiss_feedback",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, [("occasion", "first_week")]),
        ..ROW
    },
    Action {
        path: "feedback/requests/give_feedback",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| {
            let page = world.team.path("/boards/WEB");
            let mut fields = in_team(world, [("id", &new_id()), ("occasion", "button")]);
            let answers = [
                ("most_useful", "Seeing who has what."),
                ("in_the_way", "Too many clicks."),
                ("missing", "A calendar."),
                ("page", &page),
                ("version", "0.1.0"),
                ("back", "1"),
            ];
            fields.extend(answers.map(|(name, value)| (name, value.to_owned())));
            fields
        },
        texts: &["most_useful", "in_the_way", "missing", "version"],
        form: Some(TypedForm {
            page: |world| world.team.path("/feedback"),
            field: "in_the_way",
            text: TOO_LONG_ANSWER,
        }),
        ..ROW
    },
    Action {
        path: "feedback/requests/load_answer",
        rule: GOVERN,
        sample: |world| of_feedback(world, []),
        ..ROW
    },
    Action {
        path: "feedback/requests/load_feedback",
        rule: GOVERN,
        sample: |world| {
            let before = world.feedback.to_string();
            in_team(world, [("tag", "phone"), ("before", &before)])
        },
        texts: &["tag"],
        ..ROW
    },
    Action {
        path: "feedback/requests/load_feedback_form",
        rule: READ,
        actor: Actor::Viewer,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "feedback/requests/make_feedback_task",
        rule: GOVERN,
        sample: |world| {
            let board = world.board.to_string();
            let task = [
                ("board", board.as_str()),
                ("title", "Make the board quick on phones"),
                ("description", "> The board is slow on my phone."),
            ];
            of_feedback(world, task)
        },
        texts: &["title", "description"],
        form: Some(TypedForm {
            page: |world| world.team.path(&format!("/feedback/{}", world.feedback)),
            field: "title",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "feedback/requests/remove_feedback_tag",
        rule: GOVERN,
        sample: |world| of_feedback(world, [("tag", "phone")]),
        texts: &["tag"],
        ..ROW
    },
    // Hypotheses.
    Action {
        path: "hypotheses/requests/create_hypothesis",
        rule: GOVERN,
        sample: |world| {
            in_team(
                world,
                [
                    ("id", &new_id()),
                    ("if_we", "ring the bell"),
                    ("then_it", "ships are found in fog"),
                    ("because", "it carries far"),
                    ("metric", "due_kept"),
                    ("target", "80"),
                    ("starts_on", "2199-11-01"),
                    ("ends_on", "2199-12-01"),
                    ("audience", "everybody"),
                    ("sample", "20"),
                ],
            )
        },
        texts: &["if_we", "then_it", "because"],
        form: Some(TypedForm {
            page: |world| world.team.path("/insights/hypotheses/new"),
            field: "if_we",
            text: TOO_LONG,
        }),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_blank_hypothesis",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_decisions",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_hypotheses",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/load_hypothesis",
        rule: GOVERN,
        sample: |world| of_hypothesis(world, []),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/take_decision",
        rule: GOVERN,
        sample: |world| {
            of_hypothesis(
                world,
                [
                    ("verdict", "pivot"),
                    ("reason", "Nobody came."),
                    ("early", "on"),
                ],
            )
        },
        texts: &["reason"],
        form: Some(TypedForm {
            page: |world| {
                let id = world.hypothesis.open;
                world.team.path(&format!("/insights/hypotheses/{id}"))
            },
            field: "reason",
            text: TOO_LONG_ANSWER,
        }),
        ..ROW
    },
    Action {
        path: "hypotheses/requests/withdraw_hypothesis",
        rule: GOVERN,
        sample: |world| of_hypothesis(world, []),
        ..ROW
    },
    // Toggles.
    Action {
        path: "toggles/requests/change_toggle",
        rule: GOVERN,
        sample: |world| {
            let ben = world.people.ben.id.to_string();
            let fields = [
                ("toggle", "drag_and_drop"),
                ("mode", "share"),
                ("share", "30"),
                ("people[p1]", &ben),
            ];
            in_team(world, fields)
        },
        form: Some(TypedForm {
            page: |world| world.team.path("/insights"),
            field: "share",
            text: "as many as there are",
        }),
        ..ROW
    },
    Action {
        path: "toggles/requests/load_toggles",
        rule: GOVERN,
        sample: |world| in_team(world, []),
        ..ROW
    },
];
