//! A connection between a wallet and a [`Register`] that can be cut once, at any byte.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use crate::ports::{HttpRequest, HttpResponse, HttpTransport, Method, TransportError};
use crate::testing::{Register, Request};

/// Where a line is cut.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    /// At a byte of the request that is not its last: a server that has not all of a request does
    /// nothing.
    Request,
    /// Behind the request and before the end of the answer's head, or at a byte of a body whose
    /// length is known: the server has done what was asked, and the wallet does not learn of it.
    Answer,
    /// After so many bytes of a body whose length is not known: they are taken for all of it.
    Body(usize),
}

/// One request that went over the line, and the length of its answer's body.
#[derive(Clone)]
pub(crate) struct Went {
    pub(crate) path: String,
    pub(crate) body: usize,
}

/// The connection, with the byte at which it is cut.
pub(crate) struct Line {
    register: Arc<Register>,
    /// At which request, counted from 0, and where.
    cut: Option<(usize, Cut)>,
    went: Mutex<Vec<Went>>,
}

impl Line {
    pub(crate) fn to(register: &Arc<Register>, cut: Option<(usize, Cut)>) -> Arc<Self> {
        Arc::new(Self {
            register: Arc::clone(register),
            cut,
            went: Mutex::default(),
        })
    }

    pub(crate) fn went(&self) -> Vec<Went> {
        self.went.lock().unwrap().clone()
    }
}

#[async_trait]
impl HttpTransport for Line {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let path = request.url.strip_prefix(&self.register.authority.issuer);
        let path = path.ok_or(TransportError::Unreachable)?.to_owned();
        let mut went = self.went.lock().unwrap();
        let cut = self.cut.filter(|(index, _)| *index == went.len());
        let method = match request.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        went.push(Went {
            path: path.clone(),
            body: 0,
        });
        if let Some((_, Cut::Request)) = cut {
            return Err(TransportError::Broken);
        }
        let answer = self.register.answer(&Request {
            method: method.to_owned(),
            path,
            headers: request.headers.into_iter().collect(),
            body: request.body,
        });
        let mut answer = answer.into_response();
        went.last_mut().unwrap().body = answer.body.len();
        match cut {
            Some((_, Cut::Answer)) => Err(TransportError::Broken),
            Some((_, Cut::Body(length))) => {
                answer.body.truncate(length);
                Ok(answer)
            }
            _ => Ok(answer),
        }
    }
}
