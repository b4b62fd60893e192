//! Bytes of a log as lines of UTF-8: unpacked, without a byte-order mark, one object a line.

use super::objects::{Bytes, ObjectLines};
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// The first bytes of packed files.
const GZIP: &[u8] = &[0x1f, 0x8b];
const BZIP2: &[u8] = b"BZh";
const XZ: &[u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
const ZIP: &[u8] = b"PK\x03\x04";

/// An xz file may ask for this much memory.
const XZ_MEMORY_KB: u32 = 256 * 1024;
/// A zstd file may ask for a window of this many bytes.
const ZSTD_WINDOW: u64 = 128 << 20;
/// How much of a log tells what is in it.
const PEEKED: usize = 4096;

/// Whether bytes begin as a packed file does, and the name of the packer.
pub fn packed(beginning: &[u8]) -> Option<&'static str> {
    let known = [(GZIP, "gzip"), (BZIP2, "bzip2"), (XZ, "xz"), (ZSTD, "zstd"), (ZIP, "zip")];
    known.into_iter().find(|(magic, _)| beginning.starts_with(magic)).map(|(_, name)| name)
}

/// The text of a log, whatever it is packed with and however its characters are written.
pub(super) fn text(raw: Bytes) -> io::Result<Bytes> {
    let (beginning, raw) = peeked(raw)?;
    let raw = BufReader::with_capacity(1 << 16, raw);
    let plain: Bytes = match packed(&beginning) {
        Some("gzip") => Box::new(MultiGzDecoder::new(raw)),
        Some("bzip2") => Box::new(bzip2::bufread::MultiBzDecoder::new(raw)),
        Some("xz") => Box::new(lzma_rust2::XzReader::new_mem_limit(raw, true, XZ_MEMORY_KB)),
        Some("zstd") => Box::new(Zstd::new(raw)?),
        Some(_) => {
            let message = "it is a zip archive: unpack it with `unzip -p FILE | sim … -`";
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
        None => Box::new(raw),
    };
    let (beginning, plain) = peeked(plain)?;
    let plain: Bytes = match ByteOrder::byte_order_mark(&beginning) {
        Some(wide) => Box::new(Utf16 { inner: plain, wide, odd: Vec::new(), out: Vec::new() }),
        None => plain,
    };
    let (beginning, mut plain) = peeked(plain)?;
    let mark = beginning.starts_with(b"\xef\xbb\xbf");
    if mark {
        plain.read_exact(&mut [0; 3])?;
    }
    let beginning = if mark { &beginning[3..] } else { &beginning[..] };
    Ok(match ObjectLines::needed(beginning) {
        Some(wrapped) => Box::new(ObjectLines::new(plain, wrapped)),
        None => plain,
    })
}

/// The first bytes, and all of them. Waits for no more than one piece, so that a slow pipe is read
/// as it comes.
fn peeked(mut bytes: Bytes) -> io::Result<(Vec<u8>, Bytes)> {
    let mut beginning = vec![0; PEEKED];
    let mut length = 0;
    while length < 8 {
        match bytes.read(&mut beginning[length..]) {
            Ok(0) => break,
            Ok(n) => length += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // What is broken further on is found when it is read.
            Err(error) if length > 0 => {
                let failing = Failing(Some(error));
                beginning.truncate(length);
                return Ok((beginning.clone(), Box::new(Cursor::new(beginning).chain(failing))));
            }
            Err(error) => return Err(error),
        }
    }
    beginning.truncate(length);
    Ok((beginning.clone(), Box::new(Cursor::new(beginning).chain(bytes))))
}

/// Reads that fail.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// zstd, frame after frame.
struct Zstd<R: BufRead>(Option<StreamingDecoder<R, FrameDecoder>>);

impl<R: BufRead> Zstd<R> {
    fn new(raw: R) -> io::Result<Zstd<R>> {
        Ok(Zstd(Some(Zstd::frame(raw)?)))
    }

    fn frame(raw: R) -> io::Result<StreamingDecoder<R, FrameDecoder>> {
        StreamingDecoder::new_with_max_window_size(raw, ZSTD_WINDOW)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))
    }
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(decoder) = self.0.take() else { break };
            let mut raw = decoder.into_inner();
            if raw.fill_buf()?.is_empty() {
                break;
            }
            self.0 = Some(Zstd::<R>::frame(raw)?);
        }
        Ok(0)
    }
}

/// Which byte of a character of 16 bits comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    fn byte_order_mark(beginning: &[u8]) -> Option<ByteOrder> {
        match beginning {
            [0xff, 0xfe, ..] => Some(ByteOrder::Little),
            [0xfe, 0xff, ..] => Some(ByteOrder::Big),
            // Without a mark: every other byte of plain letters is zero.
            [a, 0, b, 0, c, 0, ..] if *a > 0 && *b > 0 && *c > 0 => Some(ByteOrder::Little),
            [0, a, 0, b, 0, c, ..] if *a > 0 && *b > 0 && *c > 0 => Some(ByteOrder::Big),
            _ => None,
        }
    }
}

/// UTF-16 as UTF-8.
struct Utf16 {
    inner: Bytes,
    wide: ByteOrder,
    /// What is too short to be a character.
    odd: Vec<u8>,
    out: Vec<u8>,
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.out.is_empty() {
            let mut piece = [0; 1 << 13];
            let read = self.inner.read(&mut piece)?;
            if read == 0 {
                return Ok(0);
            }
            self.odd.extend_from_slice(&piece[..read]);
            let mut units: Vec<u16> = self
                .odd
                .chunks_exact(2)
                .map(|pair| match self.wide {
                    ByteOrder::Little => u16::from_le_bytes([pair[0], pair[1]]),
                    ByteOrder::Big => u16::from_be_bytes([pair[0], pair[1]]),
                })
                .collect();
            // The first half of a pair waits for the second.
            if units.last().is_some_and(|unit| (0xd800..0xdc00).contains(unit)) {
                units.pop();
            }
            self.odd.drain(..units.len() * 2);
            for c in char::decode_utf16(units) {
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        let n = buffer.len().min(self.out.len());
        buffer[..n].copy_from_slice(&self.out[..n]);
        self.out.drain(..n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(bytes: &[u8]) -> String {
        let mut text = String::new();
        let raw: Bytes = Box::new(Cursor::new(bytes.to_vec()));
        self::text(raw).expect("opens").read_to_string(&mut text).expect("reads");
        text
    }

    #[test]
    fn whatever_packs_a_log_it_is_unpacked() {
        let log = "a line\n".repeat(3_000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(log.as_bytes()).expect("memory");
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(log.as_bytes()).expect("memory");
        let zstd = ruzstd::encoding::compress_to_vec(
            log.as_bytes(),
            ruzstd::encoding::CompressionLevel::Fastest,
        );
        // `printf 'a line\na line\n' | xz`.
        let xz: &[u8] = &[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04, 0xe6, 0xd6, 0xb4, 0x46];
        assert_eq!(packed(xz), Some("xz"));
        for packed in [gzip.finish().expect("memory"), bzip2.finish().expect("memory"), zstd] {
            assert_eq!(read(&packed), log);
            assert_eq!(read(&[&packed[..], &packed[..]].concat()), log.repeat(2), "two members");
        }
        let zip: Bytes = Box::new(Cursor::new(b"PK\x03\x04....".to_vec()));
        let error = self::text(zip).err().expect("refused");
        assert!(error.to_string().contains("unzip -p"), "{error}");
    }

    #[test]
    fn marks_go_and_wide_characters_become_plain() {
        assert_eq!(read(b"\xef\xbb\xbfa"), "a");
        let text = "a lïne 🎈\n".repeat(2_000);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(
            read(&[&[0xff, 0xfe][..], &little].concat()),
            format!("\u{feff}{text}").trim_start_matches('\u{feff}')
        );
        assert_eq!(read(&big), text);
        assert_eq!(read(b""), "");
    }
}
