//! Enums that are one word each, in files as on screens.

/// Declares an enum of which every variant is one word: what serde writes and reads, what
/// `word()` and `Display` give. Written once, so that no table can disagree with the journal.
macro_rules! worded {
    ($(
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$of_variant:meta])* $variant:ident = $word:literal ),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize,
        )]
        $vis enum $name {
            $( $(#[$of_variant])* #[serde(rename = $word)] $variant ),+
        }

        impl $name {
            /// All of them, in order.
            #[allow(dead_code)]
            $vis const ALL: [$name; [$($word),+].len()] = [$($name::$variant),+];

            /// The word in files and on screens.
            $vis fn word(self) -> &'static str {
                match self {
                    $( $name::$variant => $word ),+
                }
            }

            /// The one of this word; `None`: none has it.
            #[allow(dead_code)]
            $vis fn from_word(word: &str) -> Option<$name> {
                match word {
                    $( $word => Some($name::$variant), )+
                    _ => None,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.word())
            }
        }
    )+};
}

pub(crate) use worded;

#[cfg(test)]
mod tests {
    worded! {
        /// Two words.
        enum Colour {
            /// With a hyphen.
            SkyBlue = "sky-blue",
            /// Without.
            Red = "red",
        }
    }

    #[test]
    fn one_word_everywhere() {
        for colour in Colour::ALL {
            assert_eq!(colour.to_string(), colour.word());
            let json = serde_json::to_string(&colour).expect("a word");
            assert_eq!(json, format!("{:?}", colour.word()));
            assert_eq!(serde_json::from_str::<Colour>(&json).expect("the same"), colour);
        }
        assert_eq!(format!("{:<10}|", Colour::Red), "red       |");
    }
}
