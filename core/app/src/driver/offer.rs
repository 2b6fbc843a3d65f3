//! From an offer to a license: its text, its issuer, the transaction code.

use super::digits;
use super::pages::{Enrolling, OfferPage, Page, Scan, ScanOrigin, TypedCode, Welcome};
use super::transition::Transition;
use crate::effect::{Ask, Place, Task};
use crate::event::{OfferRead, Overview};
use crate::trouble::{Failure, OfferTrouble, Refusal};

impl OfferPage {
    /// Whether the phone has no screen lock, without which no key is made.
    pub(super) fn wants_lock(&self) -> bool {
        let trouble = self.refusal.map(|refusal| refusal.trouble);
        trouble == Some(OfferTrouble::NoLock) && self.enrolling.is_none()
    }
}

impl Transition {
    /// Changes the text. What was said of the previous one does not hold any more.
    pub(super) fn type_offer(&mut self, text: String, edit: u64) {
        if !self.is_newest_typing(edit) {
            return;
        }
        if let Page::Welcome(welcome) = &mut self.state.page
            && welcome.reading.is_none()
            && welcome.text != text
        {
            *welcome = Welcome {
                text,
                typing: true,
                ..Welcome::default()
            };
        }
    }

    /// Opens the field for typing: on the first page, and instead of the camera.
    pub(super) fn type_instead(&mut self) {
        if matches!(self.state.page, Page::Scan(_)) {
            self.leave_camera();
        }
        if let Page::Welcome(welcome) = &mut self.state.page {
            welcome.typing = true;
        }
    }

    /// Leads to the system's settings, where the camera can be allowed.
    pub(super) fn allow_camera(&mut self) {
        if let Page::Scan(scan) = &self.state.page
            && scan.camera.is_none()
        {
            self.leave_for(Place::App);
        }
    }

    pub(super) fn read_typed_offer(&mut self) {
        if let Page::Welcome(welcome) = &self.state.page
            && welcome.reading.is_none()
        {
            let text = welcome.text.clone();
            self.read_offer(text, None);
        }
    }

    /// Reads an offer, from any page. `code` is one that was typed for it before the app was ended.
    pub(super) fn read_offer(&mut self, text: String, code: Option<TypedCode>) {
        let trimmed = text.trim().to_owned();
        if trimmed.is_empty() || self.state.open.is_none() {
            return;
        }
        self.go(Page::Welcome(Welcome {
            text,
            code,
            ..Welcome::default()
        }));
        let reading = self.start(Task::ReadOffer { text: trimmed });
        if let Page::Welcome(welcome) = &mut self.state.page {
            welcome.reading = Some(reading);
        }
    }

    pub(super) fn offer_read(&mut self, id: u64, result: Result<OfferRead, Failure>) {
        let Page::Welcome(welcome) = &mut self.state.page else {
            return;
        };
        if welcome.reading.take_if(|reading| *reading == id).is_none() {
            return;
        }
        match result {
            Ok(read) => {
                let text = std::mem::take(&mut welcome.text);
                let code = welcome.code.take().filter(|_| read.code.is_some());
                self.go(Page::Offer(OfferPage {
                    id,
                    text,
                    read,
                    code,
                    enrolling: None,
                    refusal: None,
                }));
            }
            Err(failure) => {
                welcome.refusal = Some(Refusal::of(failure, self.state.has_lock));
                welcome.code = None;
            }
        }
    }

    /// Opens the camera, from a page on which something can be scanned.
    pub(super) fn scan(&mut self) {
        match &self.state.page {
            Page::Welcome(welcome) if welcome.reading.is_none() => {}
            Page::Answer(_) => {}
            _ => return,
        }
        let origin = match self.take_page() {
            Page::Welcome(welcome) => ScanOrigin::Welcome(welcome),
            Page::Answer(answer) => ScanOrigin::Answer(answer),
            _ => return,
        };
        self.go(Page::Scan(Scan {
            origin,
            camera: None,
        }));
        self.start_camera();
    }

    pub(super) fn camera_refused(&mut self, id: u64) {
        if let Page::Scan(scan) = &mut self.state.page
            && scan.camera == Some(id)
        {
            scan.camera = None;
        }
    }

    /// Takes what the camera saw to where an offer or a question is expected.
    pub(super) fn seen_by_camera(&mut self, id: u64, text: String) {
        let Page::Scan(scan) = &self.state.page else {
            return;
        };
        if scan.camera != Some(id) {
            return;
        }
        self.receive_text(text);
        // A text for another page waits, and the camera goes on.
        if matches!(self.state.page, Page::Scan(_)) {
            self.start_camera();
        }
    }

    pub(super) fn start_camera(&mut self) {
        let camera = self.ask(Ask::Camera);
        if let Page::Scan(scan) = &mut self.state.page {
            scan.camera = Some(camera);
        }
    }

    /// Changes the transaction code.
    pub(super) fn type_code(&mut self, text: &str, edit: u64) {
        if !self.is_newest_typing(edit) {
            return;
        }
        let at = self.now;
        if let Page::Offer(offer) = &mut self.state.page
            && offer.enrolling.is_none()
            && let Some(asked) = &offer.read.code
        {
            let text = digits::code(text, asked.numeric, asked.length);
            offer.code = Some(TypedCode { text, at });
        }
    }

    /// Has the license issued.
    pub(super) fn take_offer(&mut self) {
        let Page::Offer(offer) = &mut self.state.page else {
            return;
        };
        if !offer.may_take() {
            return;
        }
        offer.refusal = None;
        let code = offer.read.code.as_ref().map(|_| offer.typed().to_owned());
        let task = Task::Enroll {
            offer: offer.id,
            code,
        };
        let id = self.start(task);
        if let Page::Offer(offer) = &mut self.state.page {
            offer.enrolling = Some(Enrolling { id, stops: false });
        }
    }

    /// The license is there and comes to the front, or it was refused. A driver who has left the
    /// offer stays on the page that is on.
    pub(super) fn enrolled(
        &mut self,
        id: u64,
        result: &Result<String, Failure>,
        licenses: Result<Overview, Failure>,
    ) {
        let is_here = match &mut self.state.page {
            Page::Offer(offer) if offer.enrolling.is_some_and(|it| it.id == id) => {
                offer.enrolling = None;
                true
            }
            _ => false,
        };
        // Setting the wallet aside waited for it.
        let is_waited_for = matches!(&self.state.page, Page::Blocked(blocked) if blocked.waits);
        if (is_here || is_waited_for)
            && let Ok(license) = result
            && let Some(open) = &mut self.state.open
        {
            open.bring(license);
        }
        self.forget_readings();
        self.reread(licenses);
        match result {
            Ok(_) if is_here => self.home(),
            Err(failure) if is_here => self.refuse(*failure),
            _ => {}
        }
    }

    fn refuse(&mut self, failure: Failure) {
        let refusal = Refusal::of(failure, self.state.has_lock);
        if let Page::Offer(offer) = &mut self.state.page {
            if refusal.trouble.is_of_the_code() {
                offer.code = None;
            }
            offer.refusal = Some(refusal);
        }
    }
}
