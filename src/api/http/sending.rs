//! Bodies under way. A large one is handed to its connection in slices, so that it is known how long it is held, and what all
//! of them hold together is bounded: clients who ask and do not read cannot take all memory.

use super::surroundings::Surroundings;
use crate::api::problem::Problem;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::{self, Bytes};
use actix_web::{HttpResponse, ResponseError};
use std::error::Error;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

/// What a connection is given at a time; bodies up to this are given at once.
const SLICE_BYTES: usize = 65_536;
/// What a body that is written while it is sent holds: the piece that is being sent and the one before its coding.
const STREAM_BYTES: usize = 2_000_000;

/// The answer, its body counted for as long as it is held; or the word that too much is held already.
pub(super) fn counted(surroundings: &web::Data<Surroundings>, response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    let size = match response.body().size() {
        BodySize::None => return response,
        BodySize::Sized(size) => usize::try_from(size).unwrap_or(usize::MAX),
        BodySize::Stream => STREAM_BYTES,
    };
    if size <= SLICE_BYTES {
        return response;
    }
    let Some(held) = Held::take(surroundings, size) else {
        surroundings.metrics.refused("sending");
        let detail = "too much is being sent to clients that read slowly; try again, or ask for less at once";
        return Problem::busy(detail).retry_after(5).error_response();
    };
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => Slices { bytes, held }.boxed(),
        Err(body) => Counted { body, held }.boxed(),
    })
}

/// So many bytes of all that may be held.
struct Held {
    surroundings: web::Data<Surroundings>,
    bytes: usize,
}

impl Held {
    fn take(surroundings: &web::Data<Surroundings>, bytes: usize) -> Option<Self> {
        let before = surroundings.sending.fetch_add(bytes, Ordering::Relaxed);
        let held = Self { surroundings: surroundings.clone(), bytes };
        // One alone is sent whatever its size.
        (before == 0 || before.saturating_add(bytes) <= surroundings.limits.sending_bytes).then_some(held)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.surroundings.sending.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

struct Slices {
    bytes: Bytes,
    #[expect(dead_code, reason = "held until it is dropped")]
    held: Held,
}

impl MessageBody for Slices {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.bytes.len() as u64)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let next = self.bytes.len().min(SLICE_BYTES);
        Poll::Ready((next > 0).then(|| Ok(self.bytes.split_to(next))))
    }
}

struct Counted {
    body: BoxBody,
    #[expect(dead_code, reason = "held until it is dropped")]
    held: Held,
}

impl MessageBody for Counted {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}
