//! When a pushed request can be opened and its code redeemed.

use super::offers::AGAIN;

/// For how many seconds a pushed request can be opened.
pub(crate) const REQUEST_LIFE: u64 = 60;
/// For how many seconds a code can be redeemed first.
pub(crate) const CODE_LIFE: u64 = 60;

/// Why a pushed request is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestFault {
    /// No client of this authority pushed it, or its address was taken out of the client's.
    Unknown,
    /// It was not opened in time.
    Expired,
    /// It was opened before.
    Used,
    /// Another client pushed it.
    OtherClient,
}

/// A pushed request, as far as the rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pushed {
    /// Whether the client that opens it is the one that pushed it.
    pub(crate) same_client: bool,
    pub(crate) opened: bool,
    pub(crate) expires: i64,
}

impl Pushed {
    /// Whether a browser may open it now.
    ///
    /// # Errors
    /// Why not. A request that was opened says so also after its time, for the browser that opened
    /// it goes on.
    pub(crate) const fn open(&self, now: i64) -> Result<(), RequestFault> {
        if !self.same_client {
            return Err(RequestFault::OtherClient);
        }
        if self.opened {
            return Err(RequestFault::Used);
        }
        if now > self.expires {
            return Err(RequestFault::Expired);
        }
        Ok(())
    }
}

/// A code, as far as the rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) expires: i64,
    /// When it was redeemed first.
    pub(crate) redeemed: Option<i64>,
    /// It was used by somebody else too, a later offer voided it, or the license ended.
    pub(crate) void: bool,
    /// A credential was issued on it.
    pub(crate) issued: bool,
}

/// Who shows a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shower {
    /// The same client, by the same redirect address.
    pub(crate) same_client: bool,
    /// The key that pushed the request.
    pub(crate) same_key: bool,
    /// The verifier of its challenge.
    pub(crate) same_verifier: bool,
}

/// The answer to a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redeemed {
    /// Tokens: for the first time, or again.
    Tokens,
    /// No tokens, and nothing changes.
    Refused,
    /// No tokens, and the code and what it was redeemed for are void: somebody else has it too.
    Void,
}

impl Code {
    /// How it is answered at `now`. It is answered to the key and the verifier of its request
    /// alone: for a minute the first time, and again for a day from then, until a credential was
    /// issued. Once it was redeemed, another key or another verifier ends it, and what it was
    /// redeemed for. Before that they end nothing: who has caught the code alone locks no driver
    /// out.
    pub(crate) const fn answer(&self, shower: Shower, now: i64) -> Redeemed {
        let own = shower.same_key && shower.same_verifier;
        if self.void {
            return Redeemed::Refused;
        }
        let in_time = match self.redeemed {
            None => now <= self.expires,
            Some(_) if !own => return Redeemed::Void,
            Some(redeemed) => now <= redeemed.saturating_add(AGAIN) && !self.issued,
        };
        if own && shower.same_client && in_time {
            Redeemed::Tokens
        } else {
            Redeemed::Refused
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUSHED: Pushed = Pushed {
        same_client: true,
        opened: false,
        expires: 1_000,
    };
    const CODE: Code = Code {
        expires: 1_000,
        redeemed: None,
        void: false,
        issued: false,
    };
    const OWN: Shower = Shower {
        same_client: true,
        same_key: true,
        same_verifier: true,
    };

    #[test]
    fn a_request_is_opened_once_in_its_time_by_its_client() {
        assert_eq!(PUSHED.open(1_000), Ok(()));
        assert_eq!(PUSHED.open(1_001), Err(RequestFault::Expired));
        let opened = Pushed {
            opened: true,
            ..PUSHED
        };
        assert_eq!(opened.open(999), Err(RequestFault::Used));
        assert_eq!(opened.open(1_001), Err(RequestFault::Used));
        let other = Pushed {
            same_client: false,
            ..opened
        };
        assert_eq!(other.open(999), Err(RequestFault::OtherClient));
    }

    #[test]
    fn a_code_is_good_for_its_time_and_a_day_from_its_first_redemption_until_one_was_issued() {
        assert_eq!(CODE.answer(OWN, 1_000), Redeemed::Tokens);
        assert_eq!(CODE.answer(OWN, 1_001), Redeemed::Refused);
        let redeemed = Code {
            redeemed: Some(990),
            ..CODE
        };
        assert_eq!(redeemed.answer(OWN, 990 + AGAIN), Redeemed::Tokens);
        assert_eq!(redeemed.answer(OWN, 991 + AGAIN), Redeemed::Refused);
        let issued = Code {
            issued: true,
            ..redeemed
        };
        assert_eq!(issued.answer(OWN, 995), Redeemed::Refused);
        let void = Code {
            void: true,
            ..redeemed
        };
        assert_eq!(void.answer(OWN, 995), Redeemed::Refused);
    }

    #[test]
    fn somebody_else_ends_a_code_that_was_redeemed_and_none_that_was_not() {
        let redeemed = Code {
            redeemed: Some(990),
            ..CODE
        };
        let issued = Code {
            issued: true,
            ..redeemed
        };
        for other in [
            Shower {
                same_key: false,
                ..OWN
            },
            Shower {
                same_verifier: false,
                ..OWN
            },
        ] {
            assert_eq!(CODE.answer(other, 995), Redeemed::Refused);
            assert_eq!(redeemed.answer(other, 995), Redeemed::Void);
            assert_eq!(issued.answer(other, 995), Redeemed::Void);
        }
        let client = Shower {
            same_client: false,
            ..OWN
        };
        for code in [CODE, redeemed] {
            assert_eq!(code.answer(client, 995), Redeemed::Refused);
        }
    }
}
