//! zlib (RFC 1950) with a cap, for status lists and bundles.

use crate::Error;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// Inflates a whole zlib stream to at most `cap` bytes; nothing may follow it. Memory grows with
/// the output, never with a length that a header promises.
///
/// # Errors
/// [`Error::Inflate`] for a broken stream, one that is cut short, followed by bytes, or too large.
pub(crate) fn inflate(stream: &[u8], cap: usize) -> Result<Vec<u8>, Error> {
    let refused = Error::Inflate {
        at_most: u32::try_from(cap).unwrap_or(u32::MAX),
    };
    let mut inflater = Decompress::new(true);
    // One byte over the cap, so that a stream of exactly the cap ends and a longer one is noticed.
    let limit = cap.saturating_add(1);
    let mut out = Vec::with_capacity(limit.min(stream.len().saturating_mul(4).max(256)));
    loop {
        let (read, written) = (inflater.total_in(), out.len());
        let rest = usize::try_from(read)
            .ok()
            .and_then(|at| stream.get(at..))
            .unwrap_or_default();
        let status = inflater
            .decompress_vec(rest, &mut out, FlushDecompress::None)
            .map_err(|_| refused)?;
        if out.len() > cap {
            return Err(refused);
        }
        match status {
            Status::StreamEnd => break,
            _ if out.len() == out.capacity() => {
                let more = out
                    .capacity()
                    .min(limit.saturating_sub(out.capacity()))
                    .max(1);
                out.reserve_exact(more);
            }
            _ if inflater.total_in() == read && out.len() == written => return Err(refused),
            _ => {}
        }
    }
    if usize::try_from(inflater.total_in()) == Ok(stream.len()) {
        Ok(out)
    } else {
        Err(refused)
    }
}

/// Deflates into one zlib stream.
///
/// An authority may sign millions of micro-lists an hour. For one of 128 bytes, a window of 512 and
/// the default effort give the same bytes in two thirds of the time.
pub(crate) fn deflate(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut deflater = if bytes.len() <= 512 {
        Compress::new_with_window_bits(Compression::default(), true, 9)
    } else {
        Compress::new(Compression::best(), true)
    };
    // zlib's own bound: stored blocks and 6 bytes of frame.
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 1000 + 64);
    match deflater.compress_vec(bytes, &mut out, FlushCompress::Finish) {
        Ok(Status::StreamEnd) => Ok(out),
        _ => Err(Error::too_long(bytes.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused<T>(cap: usize) -> Result<T, Error> {
        let at_most = u32::try_from(cap).unwrap();
        Err(Error::Inflate { at_most })
    }

    #[test]
    fn a_bomb_a_cut_and_a_follower_are_refused() {
        let bomb = deflate(&vec![0; 1 << 20]).unwrap();
        assert_eq!(inflate(&bomb, 65_536), refused(65_536));
        assert_eq!(inflate(&bomb, 1 << 20).unwrap().len(), 1 << 20);
        assert_eq!(inflate(&bomb, (1 << 20) - 1), refused((1 << 20) - 1));
        assert_eq!(inflate(&bomb[..bomb.len() - 1], 1 << 20), refused(1 << 20));
        assert_eq!(
            inflate(&[&bomb[..], &[0]].concat(), 1 << 20),
            refused(1 << 20)
        );
        assert_eq!(inflate(&[], 10), refused(10));
        let last = bomb.len() - 1;
        let mut wrong = bomb.clone();
        wrong[last] ^= 1;
        assert_eq!(inflate(&wrong, 1 << 20), refused(1 << 20));
    }

    proptest! {
        #[test]
        fn what_is_deflated_inflates_to_itself_within_its_own_length(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
            let stream = deflate(&bytes).unwrap();
            prop_assert_eq!(inflate(&stream, bytes.len()).unwrap(), bytes.clone());
            if !bytes.is_empty() {
                prop_assert_eq!(inflate(&stream, bytes.len() - 1), refused(bytes.len() - 1));
            }
        }

        #[test]
        fn no_stream_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            drop(inflate(&bytes, 65_536));
        }
    }
}
