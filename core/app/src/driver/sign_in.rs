//! Signing in to the authority: the browser has its page, and brings back what brings the license.
//!
//! What outlasts the app is in the wallet: the sign-in that is under way, and each application.
//! So the page here holds little, and a sign-in may be gone on with from the card of it.

use std::time::Duration;

use super::State;
use super::pages::{Enrolling, Page, SignInPage, SignInStep};
use super::transition::Transition;
use crate::effect::{Ask, Task};
use crate::event::{ApplicationStage, Overview, Resumed};
use crate::trouble::{Failure, OfferTrouble, Refusal};

impl State {
    /// Whether this app has a sign-in at all, and a wallet that has not applied already.
    pub(super) fn may_sign_in(&self) -> bool {
        let open = self.open.as_ref();
        let is_free = open.is_some_and(|open| !open.overview.is_waiting());
        self.sign_in_redirect.is_some() && is_free
    }
}

impl Transition {
    /// Whether the page is the first one, and an application on it may be asked about.
    pub(super) fn awaits_application(&self) -> bool {
        let open = self.state.open.as_ref();
        let waits = open.is_some_and(|open| open.overview.is_waiting());
        waits && matches!(&self.state.page, Page::Welcome(welcome) if welcome.reading.is_none())
    }

    /// Whether the browser may still bring something.
    pub(super) fn is_signing_in(&self) -> bool {
        let open = self.state.open.as_ref();
        open.is_some_and(|open| open.sign_in_ends(self.now).is_some())
    }

    /// Begins a sign-in, opens its page again, tries again, or goes back to the one under way.
    pub(super) fn sign_in(&mut self) {
        match &self.state.page {
            Page::Welcome(welcome) if welcome.reading.is_none() && self.is_signing_in() => {
                self.go_to_sign_in();
            }
            Page::License if self.is_signing_in() => self.go_to_sign_in(),
            Page::Welcome(welcome) if welcome.reading.is_none() && self.state.may_sign_in() => {
                self.apply();
            }
            Page::SignIn(page) if page.may_try() => self.sign_in_again(),
            _ => {}
        }
    }

    pub(super) fn go_to_sign_in(&mut self) {
        self.go(Page::SignIn(SignInPage {
            step: SignInStep::Open { opening: None },
            refusal: None,
        }));
    }

    fn sign_in_again(&mut self) {
        let Page::SignIn(page) = &self.state.page else {
            return;
        };
        match &page.step {
            SignInStep::Stopped {
                redirect: Some(redirect),
            } => {
                let redirect = redirect.clone();
                self.resume(&redirect);
            }
            SignInStep::Open { opening: Some(_) } => {}
            // The browser that has begun goes on where it was.
            SignInStep::Open { .. } if self.state.sign_in.is_some() && self.is_signing_in() => {
                self.open_browser();
            }
            _ if self.state.may_sign_in() => self.apply(),
            _ => {}
        }
    }

    /// Asks the authority for a sign-in. It takes the place of one that is under way.
    fn apply(&mut self) {
        self.state.sign_in = None;
        self.go_to_sign_in();
        let id = self.start(Task::Apply);
        self.stay_at(SignInStep::Asking(Enrolling { id, stops: false }), None);
    }

    /// The authority has given a sign-in, and the browser opens its page; where the driver has left
    /// the page or the app, it does not.
    pub(super) fn sign_in_began(
        &mut self,
        id: u64,
        result: Result<(), Failure>,
        after: Result<Overview, Failure>,
    ) {
        let is_here = match &self.state.page {
            Page::SignIn(page) => {
                matches!(&page.step, SignInStep::Asking(task) if task.id == id)
            }
            _ => false,
        };
        if result.is_ok() {
            self.state.sign_in = Some(id);
        }
        self.forget_readings();
        self.take_after(after);
        if !is_here {
            return;
        }
        match result {
            Ok(()) => {
                self.stay_at(SignInStep::Open { opening: None }, None);
                if self.state.seen {
                    self.open_browser();
                }
            }
            Err(failure) => self.stop_at(None, failure),
        }
    }

    /// Has the browser open the page of the sign-in that is under way.
    fn open_browser(&mut self) {
        let id = self.ask(Ask::OpenBrowser);
        self.stay_at(SignInStep::Open { opening: Some(id) }, None);
    }

    pub(super) fn browser_answered(&mut self, id: u64, is_there: bool) {
        if let Page::SignIn(page) = &mut self.state.page
            && let SignInStep::Open { opening } = &mut page.step
            && opening.take_if(|opening| *opening == id).is_some()
            && !is_there
        {
            page.refusal = Some(Refusal::no_browser());
        }
    }

    /// Takes what the browser brought to the authority, from any page.
    pub(super) fn resume(&mut self, text: &str) {
        let redirect = text.trim().to_owned();
        self.go_to_sign_in();
        let id = self.start(Task::Resume {
            redirect: redirect.clone(),
        });
        let task = Enrolling { id, stops: false };
        self.stay_at(SignInStep::Resuming { task, redirect }, None);
    }

    /// The license is there, or the authority looks at something first, or it was refused. A driver
    /// who has left the page stays where he is.
    pub(super) fn resumed(
        &mut self,
        id: u64,
        result: &Result<Resumed, Failure>,
        after: Result<Overview, Failure>,
    ) {
        let redirect = match &self.state.page {
            Page::SignIn(SignInPage {
                step: SignInStep::Resuming { task, redirect },
                ..
            }) if task.id == id => Some(redirect.clone()),
            _ => None,
        };
        let is_waited_for = matches!(&self.state.page, Page::Blocked(blocked) if blocked.waits);
        if let Ok(Resumed::Received(license)) = result
            && (redirect.is_some() || is_waited_for)
            && let Some(open) = &mut self.state.open
        {
            open.bring(license);
        }
        self.forget_readings();
        self.take_after(after);
        let Some(redirect) = redirect else {
            return;
        };
        match result {
            Ok(_) => self.home(),
            Err(failure) => self.stop_at(Some(redirect), *failure),
        }
    }

    /// The step failed. A link of another sign-in changes nothing: the browser is waited for as
    /// before.
    fn stop_at(&mut self, redirect: Option<String>, failure: Failure) {
        let refusal = Refusal::of_sign_in(failure, self.state.has_lock);
        let step = match refusal.trouble {
            OfferTrouble::SignInOther if self.is_signing_in() => SignInStep::Open { opening: None },
            trouble if trouble.keeps_sign_in() => SignInStep::Stopped { redirect },
            _ => SignInStep::Stopped { redirect: None },
        };
        self.stay_at(step, Some(refusal));
    }

    fn stay_at(&mut self, step: SignInStep, refusal: Option<Refusal>) {
        if let Page::SignIn(page) = &mut self.state.page {
            *page = SignInPage { step, refusal };
        }
    }

    /// Goes back. What asks the authority ends as soon as it can and gives its outcome; a driver
    /// who does not wait goes back again. A sign-in stays under way.
    pub(super) fn leave_sign_in(&mut self) {
        if let Page::SignIn(page) = &mut self.state.page
            && let SignInStep::Asking(task) | SignInStep::Resuming { task, .. } = &mut page.step
            && !task.stops
        {
            task.stops = true;
            let id = task.id;
            self.request_stop(id);
        } else {
            self.home();
        }
    }

    /// Gives the sign-in up. What the browser brings of it later is refused.
    pub(super) fn cancel_sign_in(&mut self) {
        match &self.state.page {
            Page::SignIn(page) if !page.is_working() => {}
            _ => return,
        }
        self.state.sign_in = None;
        self.home();
        self.start_apart(Task::Abandon);
    }

    /// Takes away the card of an application that was refused.
    pub(super) fn dismiss(&mut self, application: String) {
        let is_on_screen = match &self.state.page {
            Page::Welcome(welcome) => welcome.reading.is_none(),
            Page::License => true,
            _ => false,
        };
        let is_refused = self.state.open.as_ref().is_some_and(|open| {
            let mut applications = open.overview.applications.iter();
            applications.any(|it| {
                it.id == application && matches!(it.stage, ApplicationStage::Refused { .. })
            })
        });
        if is_on_screen && is_refused && !self.is_changing() {
            self.start_apart(Task::Dismiss { application });
        }
    }

    /// The sign-in was given up, or an application taken away.
    pub(super) fn given_up(
        &mut self,
        result: Result<(), Failure>,
        after: Result<Overview, Failure>,
    ) {
        self.forget_readings();
        self.take_after(after);
        if let Err(failure) = result {
            self.note(failure);
        }
    }

    /// Takes over what is in the wallet after a step of this page, which itself decides what
    /// follows.
    fn take_after(&mut self, after: Result<Overview, Failure>) {
        let page = self.take_page();
        self.reread(after);
        self.state.page = page;
    }

    /// Adapts the page after the licenses were read again beside it. What this phone has received
    /// meanwhile comes to the front, and a sign-in that has ended elsewhere is not waited for.
    pub(super) fn follow_applications(&mut self, was_signing_in: bool, received: Option<&str>) {
        if let Some(license) = received
            && let Some(open) = &mut self.state.open
        {
            open.bring(license);
        }
        let goes_home = match &self.state.page {
            Page::SignIn(page) => {
                let is_open = matches!(page.step, SignInStep::Open { .. });
                let is_stopped = matches!(page.step, SignInStep::Stopped { .. });
                let has_ended = was_signing_in && !self.is_under_way();
                (is_open && has_ended) || (is_stopped && received.is_some())
            }
            Page::Welcome(welcome) => {
                received.is_some() && welcome.reading.is_none() && welcome.text.is_empty()
            }
            _ => false,
        };
        if goes_home {
            self.home();
        }
        if !self.is_under_way() {
            self.state.sign_in = None;
        }
    }

    /// Whether the wallet has a sign-in, be its time over or not.
    pub(super) fn is_under_way(&self) -> bool {
        let open = self.state.open.as_ref();
        open.is_some_and(|open| open.overview.is_signing_in())
    }
}

impl Overview {
    /// Whether a sign-in is in the wallet.
    pub(super) fn is_signing_in(&self) -> bool {
        let mut applications = self.applications.iter();
        applications.any(|it| matches!(it.stage, ApplicationStage::SigningIn { .. }))
    }

    /// Whether an application waits for the authority.
    pub(super) fn is_waiting(&self) -> bool {
        let mut applications = self.applications.iter();
        applications.any(|it| matches!(it.stage, ApplicationStage::Waiting { .. }))
    }

    /// The license that has come of an application of `before`.
    pub(super) fn received_since(&self, before: &Self) -> Option<String> {
        let is_new = |id: &String| {
            let was_there = before.licenses.iter().any(|held| held.id == *id);
            !was_there && self.licenses.iter().any(|held| held.id == *id)
        };
        let mut applied = before.applications.iter().map(|it| &it.id);
        applied.find(|id| is_new(id)).cloned()
    }
}

impl super::wallet::OpenWallet {
    /// When the sign-in that is under way ends; none where there is none, or its time is over.
    pub(super) fn sign_in_ends(&self, now: vidimus_wallet::ports::Reading) -> Option<u64> {
        let ago: Duration = self.ago(now);
        self.overview
            .applications
            .iter()
            .find_map(|it| match it.stage {
                ApplicationStage::SigningIn { until, left } if left > ago => Some(until),
                _ => None,
            })
    }
}
