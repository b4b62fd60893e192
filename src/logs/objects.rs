//! JSON that is not one object a line: lists, and objects over many lines, as one object a line.

use std::io::{self, Read};

/// Bytes from anywhere.
pub(super) type Bytes = Box<dyn Read + Send>;

/// Puts every object of a list, or of a row of objects, on a line of its own.
pub(super) struct ObjectLines {
    inner: Bytes,
    /// The list is inside an object: `{"records": [`.
    wrapped: bool,
    depth: u32,
    in_string: bool,
    escaped: bool,
    out: Vec<u8>,
    given: usize,
}

/// Names under which clouds wrap their lists.
const WRAPPERS: [&[u8]; 5] = [b"records", b"Records", b"value", b"events", b"entries"];

impl ObjectLines {
    /// Whether a log that begins like this must be put in lines, and whether its list is wrapped.
    pub fn needed(beginning: &[u8]) -> Option<bool> {
        let text = beginning.trim_ascii_start();
        if let Some(inside) = text.strip_prefix(b"[") {
            return (inside.trim_ascii_start().first() == Some(&b'{')).then_some(false);
        }
        let inside = text.strip_prefix(b"{")?;
        let name = inside.trim_ascii_start().strip_prefix(b"\"")?;
        for wrapper in WRAPPERS {
            if let Some(behind) = name.strip_prefix(wrapper)
                && let Some(behind) = behind.strip_prefix(b"\"")
                && let Some(list) = behind.trim_ascii_start().strip_prefix(b":")
                && list.trim_ascii_start().first() == Some(&b'[')
            {
                return Some(true);
            }
        }
        // An object that goes on in the next line.
        inside.first().is_some_and(|byte| b"\r\n".contains(byte)).then_some(false)
    }

    /// A log in lines.
    pub fn new(inner: Bytes, wrapped: bool) -> ObjectLines {
        ObjectLines {
            inner,
            wrapped,
            depth: 0,
            in_string: false,
            escaped: false,
            out: Vec::new(),
            given: 0,
        }
    }

    fn take(&mut self, byte: u8) {
        if self.wrapped {
            self.wrapped = byte != b'[';
            return;
        }
        if self.depth == 0 {
            if byte == b'{' {
                self.depth = 1;
                self.out.push(byte);
            }
            return;
        }
        if self.in_string {
            self.in_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' => self.depth += 1,
                b'}' => self.depth -= 1,
                _ => {}
            }
        }
        self.out.push(if b"\r\n".contains(&byte) { b' ' } else { byte });
        if self.depth == 0 {
            self.out.push(b'\n');
        }
    }
}

impl Read for ObjectLines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            self.out.clear();
            self.given = 0;
            let mut piece = [0; 1 << 13];
            let read = self.inner.read(&mut piece)?;
            if read == 0 {
                return Ok(0);
            }
            piece[..read].iter().for_each(|byte| self.take(*byte));
        }
        let rest = &self.out[self.given..];
        let n = buffer.len().min(rest.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn lists_and_long_objects_become_lines() {
        let cases: [(&str, &str); 5] = [
            (r#"[{"a": 1}, {"b": "}]{"}]"#, "{\"a\": 1}\n{\"b\": \"}]{\"}\n"),
            ("[\n {\n  \"a\": {\"b\": 1}\n }\n]\n", "{   \"a\": {\"b\": 1}  }\n"),
            ("{\n\"a\": 1\n}\n{\n\"a\": 2\n}", "{ \"a\": 1 }\n{ \"a\": 2 }\n"),
            (r#"{"records": [{"a": "\""}, {"a": 2}]}"#, "{\"a\": \"\\\"\"}\n{\"a\": 2}\n"),
            ("[{", "{"),
        ];
        for (text, expected) in cases {
            let wrapped = ObjectLines::needed(text.as_bytes()).expect(text);
            let bytes: Bytes = Box::new(Cursor::new(text.as_bytes().to_vec()));
            let mut lines = String::new();
            ObjectLines::new(bytes, wrapped).read_to_string(&mut lines).expect("memory");
            assert_eq!(lines, expected, "{text}");
        }
        for text in ["{\"a\": 1}\n{\"a\": 2}", "[07/Nov/2018:22:00:02 +0000] x", "", "{"] {
            assert_eq!(ObjectLines::needed(text.as_bytes()), None, "{text}");
        }
    }
}
