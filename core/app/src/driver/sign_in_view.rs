//! Makes the screen of a sign-in, and the cards of what was applied for.

use vidimus_credential::meaning::Tone;
use vidimus_credential::text::shown;
use vidimus_wallet::ReviewReason;
use vidimus_wallet::ports::Reading;

use super::State;
use super::pages::{SignInPage, SignInStep};
use super::wallet::OpenWallet;
use crate::event::{ApplicationStage, Applied, Scope};
use crate::screen::{ApplicationButton, ApplicationCard, ApplicationOffer, SignInScreen};
use crate::tone::Note;
use crate::trouble::Refusal;
use crate::words::{Value, Words};

/// The page where the driver signs in.
pub(super) fn screen(state: &State, page: &SignInPage, now: Reading) -> SignInScreen {
    let open = state.open.as_ref();
    let until = open.and_then(|open| open.sign_in_ends(now));
    let is_open = matches!(page.step, SignInStep::Open { .. });
    let is_over = is_open && until.is_none();
    let keys: &[&str] = match &page.step {
        SignInStep::Asking(_) => &["sign_in.asking", "sign_in.why"],
        SignInStep::Open { .. } if is_over => &["sign_in.why"],
        SignInStep::Open { .. } => &["sign_in.open", "sign_in.why", "sign_in.closed"],
        SignInStep::Resuming { .. } => &["sign_in.receiving"],
        SignInStep::Stopped { redirect: Some(_) } => &["sign_in.agreed"],
        SignInStep::Stopped { redirect: None } => &["sign_in.why"],
    };
    let button = match &page.step {
        _ if !page.may_try() => None,
        SignInStep::Open { .. } if !is_over => Some("sign_in.again"),
        SignInStep::Stopped { redirect: Some(_) } => Some("action.retry"),
        _ => Some("welcome.sign_in").filter(|_| state.may_sign_in()),
    };
    let refusal = page.refusal.or(is_over.then_some(Refusal::over()));
    SignInScreen {
        authority: open.map(|open| open.authority.clone()).unwrap_or_default(),
        told: keys.iter().map(|key| Words::of(key)).collect(),
        until: until
            .filter(|_| is_open)
            .map(|seconds| Words::with("sign_in.until", vec![Value::Moment { seconds }])),
        working: page.is_working(),
        refusal: refusal.map(Refusal::note),
        wants_lock: page.wants_lock(),
        button: button.map(Words::of),
        may_cancel: !page.is_working() && open.is_some_and(|open| open.overview.is_signing_in()),
    }
}

/// The cards of what was applied for. A sign-in whose time is over has none.
pub(super) fn cards(open: &OpenWallet, now: Reading) -> Vec<ApplicationCard> {
    let applications = open.overview.applications.iter();
    applications
        .filter_map(|applied| card(open, applied, now))
        .collect()
}

fn card(open: &OpenWallet, applied: &Applied, now: Reading) -> Option<ApplicationCard> {
    let moment = |key: &str, seconds| Words::with(key, vec![Value::Moment { seconds }]);
    let since = moment("application.since", applied.since);
    let button = |key: &str, does| {
        Some(ApplicationButton {
            words: Words::of(key),
            does,
        })
    };
    let mut card = ApplicationCard {
        id: applied.id.clone(),
        stage: Note::new(Tone::Unknown, "application.waiting"),
        told: Vec::new(),
        authority_says: None,
        asking: false,
        button: None,
    };
    match &applied.stage {
        ApplicationStage::SigningIn { .. } => {
            let until = open.sign_in_ends(now)?;
            card.stage = Note::new(Tone::Unknown, "application.signing_in");
            card.told = vec![moment("sign_in.until", until)];
            card.button = button("application.go_on", ApplicationOffer::SignIn);
        }
        ApplicationStage::Waiting { next } => {
            let running = open.schedule.running;
            card.asking = running.is_some_and(|(_, scope)| scope == Scope::Now);
            card.told = vec![Words::of("application.waiting.why"), since];
            if open.has_missed(&applied.id) {
                card.told.push(Words::of("application.missed"));
            }
            // A moment that is past says nothing of when.
            if *next > now.wall.seconds() {
                card.told.push(moment("application.next", *next));
            }
            card.told.push(Words::of("application.by_itself"));
            if !card.asking {
                card.button = button("application.ask", ApplicationOffer::Refresh);
            }
        }
        ApplicationStage::Refused { reason, words } => {
            let key = format!("application.reason.{}", known(*reason).name());
            card.stage = Note::new(Tone::Bad, "application.refused");
            card.told = vec![
                Words::of(&format!("{key}.why")),
                Words::of(&format!("{key}.do")),
                since,
            ];
            card.authority_says = words.as_deref().map(|words| shown(words).into_owned());
            card.button = button("application.dismiss", ApplicationOffer::Dismiss);
        }
    }
    Some(card)
}

/// The wallet may name more reasons later: such a one is told as another reason.
fn known(reason: ReviewReason) -> ReviewReason {
    let is_known = ReviewReason::ALL.contains(&reason);
    if is_known {
        reason
    } else {
        ReviewReason::Other
    }
}
