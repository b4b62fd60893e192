//! What a problem says, and how the same is said of several things at once.

/// A sentence without a full stop. Where the same may be said of several things, it knows which of
/// them it is about, so that nobody has to find that in its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The whole sentence.
    pub text: String,
    /// How it is one of several.
    pub one_of: Option<OneOf>,
}

/// One of several things of which the same is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOf {
    /// What is said of all of them, up to the list of them: `no tool uses the endpoints`.
    pub of_all: String,
    /// This one of them: `` `search` ``.
    pub this: String,
}

impl Wording {
    /// Ends with what it is about; of several: `of_all: …`.
    pub fn ending(says: &str, of_all: &str, this: String) -> Wording {
        let text = format!("{says} {this}");
        Wording { text, one_of: Some(OneOf { of_all: of_all.to_string(), this }) }
    }

    /// Begins with what it is about; of several: `of_all: …`.
    pub fn beginning(this: String, says: &str, of_all: impl Into<String>) -> Wording {
        let text = format!("{this} {says}");
        Wording { text, one_of: Some(OneOf { of_all: of_all.into(), this }) }
    }

    /// One entry of a list: `says: this`.
    pub fn listed(says: &str, this: String) -> Wording {
        let text = format!("{says}: {this}");
        Wording { text, one_of: Some(OneOf { of_all: says.to_string(), this }) }
    }
}

impl From<String> for Wording {
    fn from(text: String) -> Wording {
        Wording { text, one_of: None }
    }
}

impl From<&str> for Wording {
    fn from(text: &str) -> Wording {
        Wording::from(text.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_is_known_without_reading_the_sentence() {
        let parts = |statement: Wording| {
            let of = statement.one_of.expect("of several");
            (statement.text, of.of_all, of.this)
        };
        let told = |text: &str, all: &str, this: &str| (text.into(), all.into(), this.into());
        let ending =
            Wording::ending("nothing uses the role", "nothing uses the roles", "`a`".into());
        assert_eq!(
            parts(ending),
            told("nothing uses the role `a`", "nothing uses the roles", "`a`")
        );
        let beginning = Wording::beginning("`a?`".into(), "is tentative", "tentative");
        assert_eq!(parts(beginning), told("`a?` is tentative", "tentative", "`a?`"));
        let listed = Wording::listed("open", "read it: all".into());
        assert_eq!(parts(listed), told("open: read it: all", "open", "read it: all"));
        assert_eq!(Wording::from("alone").one_of, None);
    }
}
