//! The bytes of a launch plan as text, or why they are not text.

use crate::names::written_out;
use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// The largest plan that is read. A page that people wrote is a hundredth of it.
pub const MOST_BYTES: usize = 2 << 20;

/// A plan that cannot be read at all: what is wrong with it, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadablePlan {
    /// What is wrong.
    pub problem: String,
    /// What to do instead.
    pub hint: String,
}

impl UnreadablePlan {
    /// A plan that cannot be read.
    pub fn new(problem: impl Into<String>, hint: impl Into<String>) -> UnreadablePlan {
        UnreadablePlan { problem: problem.into(), hint: hint.into() }
    }
}

/// The text of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    /// The text, with ends of lines as `\n` and without what cannot be seen.
    pub text: String,
    /// The lines on which doubly decoded letters were repaired.
    pub repaired: Vec<usize>,
    /// The lines that held characters which reorder or hide text; they are left out.
    pub hidden: Vec<usize>,
}

/// `1 line`, `3 lines`.
pub(super) fn counted(lines: usize) -> String {
    if lines == 1 { "1 line".to_string() } else { format!("{lines} lines") }
}

/// Reads the bytes of a plan as text: UTF-8, or UTF-16 with a byte order mark.
///
/// # Errors
///
/// What is not text is refused with the way to get text out of it.
pub fn decode(bytes: &[u8]) -> Result<Decoded, UnreadablePlan> {
    if bytes.len() > MOST_BYTES {
        return Err(UnreadablePlan::new(
            format!("the plan is larger than {} MB", MOST_BYTES >> 20),
            "use only the page with the plan, without its attachments",
        ));
    }
    refuse_other_formats(bytes)?;
    let text = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE.decode(bytes).0.into_owned(),
        [0xfe, 0xff, ..] => UTF_16BE.decode(bytes).0.into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text).to_string(),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                return Err(UnreadablePlan::new(
                    format!("line {line} is not UTF-8 text"),
                    "save the plan as UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 plan.md",
                ));
            }
        },
    };
    if text.contains('\0') {
        return Err(UnreadablePlan::new(
            "this is not text",
            "save the plan as Markdown or plain text",
        ));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut decoded = Decoded::default();
    for (index, line) in text.split('\n').enumerate() {
        // Decoded wrongly more than once, it takes as many turns back.
        let mut fixed = decoded_once(line);
        while let Some(once_more) = fixed.as_deref().and_then(decoded_once) {
            fixed = Some(once_more);
        }
        if let Some(fixed) = &fixed {
            decoded.repaired.push(index + 1);
            debug_assert!(fixed.len() < line.len());
        }
        let line = fixed.as_deref().unwrap_or(line);
        // What reorders or hides text is left out: a plan must read for people as it reads here.
        let seen = written_out(line)
            .filter(|(letter, instead)| instead.is_none() || matches!(letter, '\t' | '\n'));
        let seen: String = seen.map(|(letter, _)| letter).collect();
        if seen.len() < line.len() {
            decoded.hidden.push(index + 1);
        }
        if index > 0 {
            decoded.text.push('\n');
        }
        decoded.text.push_str(&seen);
    }
    match decoded.text.trim().is_empty() {
        true => Err(UnreadablePlan::new("the plan is empty", "write down who does what, and when")),
        false => Ok(decoded),
    }
}

/// Formats that people keep plans in and that are not text, told by their first bytes.
fn refuse_other_formats(bytes: &[u8]) -> Result<(), UnreadablePlan> {
    let (what, hint) = match bytes {
        [b'%', b'P', b'D', b'F', ..] => {
            ("a PDF", "get its text: pdftotext -layout plan.pdf plan.md")
        }
        [b'P', b'K', 3, 4, ..] => {
            ("a Word or other zipped document", "get its text: pandoc plan.docx -t gfm -o plan.md")
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            ("an old Word document", "save it as Markdown or plain text")
        }
        [b'{', b'\\', b'r', b't', b'f', ..] => {
            ("rich text", "get its text: pandoc plan.rtf -t gfm -o plan.md")
        }
        [0x1f, 0x8b, ..] => ("a gzip file", "unpack it first: gunzip plan.md.gz"),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
            ("a picture", "type the plan, or get its text out of the picture first")
        }
        _ => return Ok(()),
    };
    Err(UnreadablePlan::new(format!("this is {what}, not Markdown"), hint))
}

/// A line whose UTF-8 was taken for Windows-1252 once and saved like that (`Ã©` for `é`), put
/// right; `None` where nothing is to be put right.
fn decoded_once(line: &str) -> Option<String> {
    let mut text = String::new();
    let mut run = String::new();
    let mut changed = false;
    let flush = |run: &mut String, text: &mut String| {
        let fixed = bytes_of(run).and_then(|bytes| String::from_utf8(bytes).ok());
        let better = fixed.filter(|fixed| fixed.chars().count() < run.chars().count());
        let changed = better.is_some();
        text.push_str(better.as_deref().unwrap_or(run));
        run.clear();
        changed
    };
    for letter in line.chars() {
        if letter.is_ascii() {
            changed |= flush(&mut run, &mut text);
            text.push(letter);
        } else {
            run.push(letter);
        }
    }
    changed |= flush(&mut run, &mut text);
    changed.then_some(text)
}

/// The bytes that Windows-1252 shows as these letters. Five bytes have no letter there and come
/// through as control characters of the same number.
fn bytes_of(run: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for letter in run.chars() {
        let code = u32::from(letter);
        if (0x80..0xa0).contains(&code) {
            bytes.push(code as u8);
            continue;
        }
        let mut buffer = [0; 4];
        let (encoded, _, failed) = WINDOWS_1252.encode(letter.encode_utf8(&mut buffer));
        if failed {
            return None;
        }
        bytes.extend_from_slice(&encoded);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_were_decoded_twice_are_put_right() {
        let twice = |text: &str| WINDOWS_1252.decode(text.as_bytes()).0.into_owned();
        for text in ["René 👑 Müller", "“quoted” – dash…", "naïve café"] {
            let decoded = decode(twice(text).as_bytes()).expect("text");
            assert_eq!(decoded.text, text);
            assert_eq!(decoded.repaired, [1]);
            let decoded = decode(twice(&twice(text)).as_bytes()).expect("text");
            assert_eq!(decoded.text, text, "three times");
        }
        for text in ["René", "Ãcole", "plain"] {
            let decoded = decode(text.as_bytes()).expect("text");
            assert_eq!((decoded.text.as_str(), decoded.repaired.len()), (text, 0));
        }
    }

    #[test]
    fn what_is_not_text_is_refused_with_a_way_out() {
        let cases: [(&[u8], &str); 6] = [
            (b"%PDF-1.4", "a PDF"),
            (b"PK\x03\x04rest", "a Word"),
            (b"{\\rtf1", "rich text"),
            (b"ok\nbad \xff\n", "line 2 is not UTF-8"),
            (b" \n\n", "empty"),
            (b"a\0b", "not text"),
        ];
        for (bytes, words) in cases {
            let refused = decode(bytes).expect_err("not a plan");
            assert!(refused.problem.contains(words), "{refused:?}");
            assert!(!refused.hint.is_empty());
        }
        let large = vec![b'a'; MOST_BYTES + 1];
        assert!(decode(&large).expect_err("too large").problem.contains("larger than 2 MB"));
    }

    #[test]
    fn hidden_characters_are_left_out_and_said() {
        let decoded = decode("one\ntw\u{202e}o".as_bytes()).expect("text");
        assert_eq!((decoded.text.as_str(), decoded.hidden.as_slice()), ("one\ntwo", &[2][..]));
        // An emoji keeps its selector, a word of Persian its joiner; a soft hyphen and a mark of
        // another table than that of names go.
        for (text, seen) in
            [("ok ⚠\u{fe0f} by 5", "ok ⚠\u{fe0f} by 5"), ("می\u{200c}رود", "می\u{200c}رود")]
        {
            let decoded = decode(text.as_bytes()).expect("text");
            assert_eq!((decoded.text.as_str(), decoded.hidden.len()), (seen, 0));
        }
        for text in ["on\u{ad}ly", "on\u{34f}ly", "on\u{2028}ly", "on\u{7f}ly"] {
            let decoded = decode(text.as_bytes()).expect("text");
            assert_eq!((decoded.text.as_str(), decoded.hidden.as_slice()), ("only", &[1][..]));
        }
        let wide = decode(b"\xff\xfeh\0i\0").expect("UTF-16");
        assert_eq!(wide.text, "hi");
    }
}
