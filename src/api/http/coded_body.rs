//! Bodies that are coded while they are sent, a chunk at a time and never as a whole, and bodies that are only announced.

use super::coding::{Coder, Coding, Effort};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::rt::task::{JoinHandle, spawn_blocking};
use actix_web::web::Bytes;
use std::error::Error;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Chunks past this are coded off the workers.
pub(super) const OFF_WORKER_BYTES: usize = 65_536;

/// A stream that is coded chunk by chunk, each flushed: what the handler has sent, the client can read.
pub(super) struct CodedStream {
    plain: BoxBody,
    step: Step,
}

enum Step {
    Reading(Box<Coder>),
    Coding(JoinHandle<io::Result<(Box<Coder>, Bytes)>>),
    Ended,
}

impl CodedStream {
    pub(super) fn new(plain: BoxBody, coding: Coding) -> io::Result<Self> {
        // How much will come is not known: a window for some hundred kilobytes.
        Ok(Self { plain, step: Step::Reading(Box::new(Coder::new(coding, Effort::Cheap, 8 * OFF_WORKER_BYTES)?)) })
    }
}

impl MessageBody for CodedStream {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        loop {
            let this = &mut *self;
            match std::mem::replace(&mut this.step, Step::Ended) {
                Step::Reading(mut encoder) => match Pin::new(&mut this.plain).poll_next(context) {
                    Poll::Pending => {
                        this.step = Step::Reading(encoder);
                        return Poll::Pending;
                    }
                    Poll::Ready(Some(Ok(chunk))) if chunk.len() > OFF_WORKER_BYTES => {
                        this.step = Step::Coding(spawn_blocking(move || {
                            let coded = encoder.chunk(&chunk)?;
                            Ok((encoder, coded))
                        }));
                    }
                    Poll::Ready(Some(Ok(chunk))) => {
                        let coded = encoder.chunk(&chunk)?;
                        this.step = Step::Reading(encoder);
                        if !coded.is_empty() {
                            return Poll::Ready(Some(Ok(coded)));
                        }
                    }
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(None) => {
                        let rest = encoder.finish()?;
                        return Poll::Ready(Some(rest).filter(|rest| !rest.is_empty()).map(Ok));
                    }
                },
                Step::Coding(mut work) => match Pin::new(&mut work).poll(context) {
                    Poll::Pending => {
                        this.step = Step::Coding(work);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(Ok((encoder, coded)))) => {
                        this.step = Step::Reading(encoder);
                        if !coded.is_empty() {
                            return Poll::Ready(Some(Ok(coded)));
                        }
                    }
                    Poll::Ready(Ok(Err(error))) => return Poll::Ready(Some(Err(error.into()))),
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                },
                Step::Ended => return Poll::Ready(None),
            }
        }
    }
}

/// What HEAD answers: the size that GET would send, and nothing of it. The framework would read a stream to its end.
pub(super) struct Announced(pub(super) BodySize);

impl MessageBody for Announced {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;
    use std::io::Read;

    /// Gives its chunks one a poll, and counts how many were asked for.
    struct Chunks(VecDeque<Vec<u8>>, std::rc::Rc<std::cell::Cell<usize>>);

    impl MessageBody for Chunks {
        type Error = std::convert::Infallible;

        fn size(&self) -> BodySize {
            BodySize::Stream
        }

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
            self.1.set(self.1.get() + 1);
            Poll::Ready(self.0.pop_front().map(|chunk| Ok(Bytes::from(chunk))))
        }
    }

    #[actix_web::test]
    async fn a_stream_is_coded_as_it_comes_small_chunks_and_large_ones() {
        let chunk = |number: usize, size: usize| format!("{{\"number\":{number}}}").repeat(size).into_bytes();
        let chunks = [chunk(1, 10), Vec::new(), chunk(2, 20_000), chunk(3, 100)];
        let whole: Vec<u8> = chunks.concat();
        let asked = std::rc::Rc::default();
        let plain = Chunks(chunks.into(), std::rc::Rc::clone(&asked)).boxed();
        let mut body = Box::pin(CodedStream::new(plain, Coding::Gzip).unwrap());
        let mut sent = Vec::new();
        let mut pieces = 0;
        while let Some(piece) = std::future::poll_fn(|context| body.as_mut().poll_next(context)).await {
            pieces += 1;
            sent.extend_from_slice(&piece.unwrap());
            assert!(asked.get() <= pieces + 1, "nothing is read ahead: {} of {pieces}", asked.get());
        }
        assert!(pieces >= 4, "{pieces}");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(sent.as_slice()).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, whole);
    }
}
