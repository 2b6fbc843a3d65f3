//! Texts from outside of the app, and from the camera.
//!
//! Any app can send a link. A link does not end what an officer reads or waits for, and does not
//! put another offer where the driver types a code: it waits until the driver goes on. Of several
//! the newest counts.

use super::pages::{Page, ScanOrigin};
use super::transition::Transition;

/// What a text may be, by its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    Offer,
    Question,
    /// What the browser brings back from the authority.
    SignIn,
    Neither,
}

/// `redirect` is where the authority sends the browser back to.
fn looks(text: &str, redirect: Option<&str>) -> Looks {
    let begins = |prefix: &str| {
        let head = text.get(..prefix.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    let is_digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    // An authority's own host may offer too: it opens this app and no other.
    let is_of_a_host = begins("https://") && text.contains("credential_offer");
    let is_back = redirect.is_some_and(|redirect| {
        let rest = text.strip_prefix(redirect);
        rest.is_some_and(|rest| rest.starts_with('?'))
    });
    if is_back {
        Looks::SignIn
    } else if begins("openid-credential-offer:") || is_of_a_host {
        Looks::Offer
    } else if begins("DLQ1:") || is_digits {
        Looks::Question
    } else {
        Looks::Neither
    }
}

impl Transition {
    /// Whether it is what the browser brings back.
    pub(super) fn is_of_sign_in(&self, text: &str) -> bool {
        let redirect = self.state.sign_in_redirect.as_deref();
        looks(text.trim(), redirect) == Looks::SignIn
    }

    /// Takes a text to the page that it is for: a question opens the answer page from any page;
    /// other text is read, or refused, as an offer.
    pub(super) fn receive_text(&mut self, text: String) {
        let redirect = self.state.sign_in_redirect.as_deref();
        let looks = looks(text.trim(), redirect);
        match &self.state.page {
            Page::Opening | Page::Blocked(_) | Page::Offer(_) => self.hold_link(text),
            Page::Show(show) if show.step.is_under_way() => self.hold_link(text),
            Page::Answer(_) if matches!(looks, Looks::Offer | Looks::SignIn) => {
                self.hold_link(text);
            }
            Page::Answer(_) => self.read_question(&text),
            Page::Scan(scan) => match (&scan.origin, looks) {
                (ScanOrigin::Answer(_), Looks::Offer | Looks::SignIn) => self.hold_link(text),
                (ScanOrigin::Answer(_), _) => {
                    self.leave_camera();
                    self.read_question(&text);
                }
                (ScanOrigin::Welcome(_), Looks::Question) if self.may_answer() => {
                    self.open_question(&text)
                }
                (ScanOrigin::Welcome(_), Looks::SignIn) => self.resume(&text),
                (ScanOrigin::Welcome(_), _) => self.read_offer(text, None),
            },
            // The same link again is the one that is being read.
            Page::Welcome(welcome) if welcome.reading.is_some() => {
                if welcome.text.trim() != text.trim() {
                    self.hold_link(text);
                }
            }
            Page::SignIn(page) if page.is_working() => {
                let is_same = page.redirect().is_some_and(|it| it.trim() == text.trim());
                if !is_same {
                    self.hold_link(text);
                }
            }
            Page::Welcome(_)
            | Page::SignIn(_)
            | Page::License
            | Page::Show(_)
            | Page::History(_)
            | Page::Settings(_)
                if looks == Looks::SignIn =>
            {
                self.resume(&text);
            }
            Page::Welcome(_)
            | Page::SignIn(_)
            | Page::License
            | Page::Show(_)
            | Page::History(_)
            | Page::Settings(_)
                if looks == Looks::Question && self.may_answer() =>
            {
                self.open_question(&text);
            }
            Page::Welcome(_)
            | Page::SignIn(_)
            | Page::License
            | Page::Show(_)
            | Page::History(_)
            | Page::Settings(_) => self.read_offer(text, None),
        }
    }

    fn hold_link(&mut self, text: String) {
        if let Page::Offer(offer) = &self.state.page
            && offer.text.trim() == text.trim()
        {
            // The offer is on the screen already.
            return;
        }
        self.state.link = Some(text);
    }

    /// Goes back from the camera to where it was opened.
    pub(super) fn leave_camera(&mut self) {
        if let Page::Scan(scan) = self.take_page() {
            self.go(match scan.origin {
                ScanOrigin::Welcome(welcome) => Page::Welcome(welcome),
                ScanOrigin::Answer(answer) => Page::Answer(answer),
            });
        }
    }

    /// Opens the answer page for a question.
    fn open_question(&mut self, text: &str) {
        self.go(Page::Answer(super::pages::AnswerPage::default()));
        self.read_question(text);
    }

    /// Takes a link that waited to the page that it is for, once the driver may be disturbed.
    pub(super) fn read_waiting_link(&mut self) {
        let may_be_disturbed = match &self.state.page {
            Page::Welcome(welcome) => welcome.reading.is_none(),
            Page::SignIn(page) => !page.is_working(),
            Page::Show(show) => !show.step.is_under_way(),
            Page::License | Page::History(_) | Page::Settings(_) => true,
            Page::Opening | Page::Blocked(_) | Page::Scan(_) | Page::Offer(_) | Page::Answer(_) => {
                false
            }
        };
        if may_be_disturbed && let Some(text) = self.state.link.take() {
            self.receive_text(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Looks, looks};

    #[test]
    fn a_text_is_told_by_its_beginning_and_a_question_may_be_eight_digits() {
        for (text, expected) in [
            (
                "openid-credential-offer://?credential_offer=1",
                Looks::Offer,
            ),
            ("OpenID-Credential-Offer://x", Looks::Offer),
            (
                "https://licenses.example/add?credential_offer_uri=1",
                Looks::Offer,
            ),
            ("https://licenses.example/help", Looks::Neither),
            ("DLQ1:AB", Looks::Question),
            ("dlq1:ab", Looks::Question),
            ("12345678", Looks::Question),
            ("1234567", Looks::Neither),
            ("123456789", Looks::Neither),
            ("holiday pictures", Looks::Neither),
            ("", Looks::Neither),
            ("é", Looks::Neither),
        ] {
            assert!(looks(text, None) == expected, "{text}");
        }
    }
}
