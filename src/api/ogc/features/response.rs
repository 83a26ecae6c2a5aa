//! Bodies that are written while they are sent, and names of files.

use super::writers::TextWriter;
use crate::api::http::Format;
use crate::api::problem::Problem;
use crate::model::Layer;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::{self, Bytes};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Size of a piece, and of a page up to which it is written in one.
pub(super) const PIECE_BYTES: usize = 1 << 20;

type Written = (TextWriter, Result<Option<Vec<u8>>, Problem>);

/// A body of pieces. The next piece is written, off the workers, when the connection has room for it: a slow client holds
/// one piece and no thread.
pub(super) struct Pieces(Stage);

enum Stage {
    Idle(Box<TextWriter>),
    Writing(Pin<Box<dyn Future<Output = Result<Written, actix_web::error::BlockingError>>>>),
    Ended,
}

impl Pieces {
    pub(super) fn of(writer: TextWriter) -> Self {
        Self(Stage::Idle(Box::new(writer)))
    }
}

impl MessageBody for Pieces {
    type Error = actix_web::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        loop {
            match std::mem::replace(&mut self.0, Stage::Ended) {
                Stage::Ended => return Poll::Ready(None),
                Stage::Idle(mut writer) => {
                    let work = web::block(move || {
                        let piece = writer.piece(PIECE_BYTES);
                        (*writer, piece)
                    });
                    self.0 = Stage::Writing(Box::pin(work));
                }
                Stage::Writing(mut work) => match work.as_mut().poll(context) {
                    Poll::Pending => {
                        self.0 = Stage::Writing(work);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok((writer, Ok(Some(piece))))) => {
                        self.0 = Stage::Idle(Box::new(writer));
                        return Poll::Ready(Some(Ok(piece.into())));
                    }
                    Poll::Ready(Ok((_, Ok(None)))) => return Poll::Ready(None),
                    // The connection is cut: what was sent so far must not look like the whole.
                    Poll::Ready(Ok((_, Err(problem)))) => return Poll::Ready(Some(Err(problem.into()))),
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(Problem::internal(&error).into()))),
                },
            }
        }
    }
}

/// Under which name a browser keeps a form that it does not show.
pub(super) fn named_file(layer: Layer, format: Format) -> Option<String> {
    let extension = match format {
        Format::Csv => "csv",
        Format::GeoJsonSequence => "geojsons",
        Format::FlatGeobuf => "fgb",
        Format::GeoPackage => "gpkg",
        Format::Shapefile => "zip",
        Format::Xlsx => "xlsx",
        _ => return None,
    };
    Some(format!("attachment; filename=\"{layer}.{extension}\""))
}
