//! What a name or number may have in it.

use super::*;

#[test]
fn every_script_of_a_name_is_taken_as_it_is() {
    for name in [
        "محمد بن عبد الله",
        "אברהם",
        "王小明",
        "买买提·阿不都热依木",
        "กิตติพงษ์",
        "ณ อยุธยาเทพหัสดินสนิทวงศ์",
        "Ἀλέξανδρος",
        "Đặng Thị Hồng",
        "ክፍሌ",
        "さくら",
        "किशोर",
        "நாராயணன்",
        "വെങ്കടസുബ്രമണിയന്",
        "می\u{200c}خواهم",
        "\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}",
        "\u{9a4}\u{9cd}\u{200d}",
        "O'Brien <b>&amp;</b>",
        "\"; DROP TABLE--",
        "𠮷野",
        "𫰠",
        "𱖎",
        "𮯰",
        "葛\u{e0100}城",
        "神\u{fe00}",
        "Nguyễn",
        "d’Arc-Müller, 3rd №",
        "de Alcântara João Carlos Leopoldo Salvador Bibiano",
        "A\u{a0}B",
    ] {
        let entry = named(name).unwrap();
        assert_eq!(
            (entry.license.family_name(), &entry.notes[..]),
            (name, &[][..])
        );
    }
}

#[test]
fn names_have_128_bytes() {
    for name in ["ก".repeat(42), "a".repeat(128), "愛".repeat(42)] {
        assert!(named(&name).is_ok());
    }
    assert_eq!(
        named(&"ก".repeat(43)),
        Err(FormFault::TooLong {
            length: 129,
            max: 128
        })
    );
    // The form that is signed counts.
    assert!(named(&"e\u{301}".repeat(64)).is_ok());
}

fn note(kind: TextChange) -> TextNote {
    TextNote {
        field: "family_name".to_owned(),
        kind,
    }
}

#[test]
fn a_compatibility_ideograph_keeps_its_shape_and_the_clerk_is_told() {
    for (typed, signed) in [
        ('\u{fa19}', "\u{795e}\u{fe00}"),
        ('\u{2f879}', "\u{5cc0}\u{fe00}"),
    ] {
        let entry = named(&format!("{typed}{typed}田")).unwrap();
        assert_eq!(entry.license.family_name(), format!("{signed}{signed}田"));
        let kind = TextChange::Replaced {
            typed,
            written: signed.to_owned(),
        };
        assert_eq!(entry.notes, [note(kind)], "once, however often it is there");
    }
    let entry = named("\u{fa19}").unwrap();
    assert_eq!(
        entry.notes[0].to_string(),
        "`family_name`: U+FA19 is signed as U+795E U+FE00, which Unicode calls the same: compare how it looks"
    );
    // Twelve in that block are ideographs of their own.
    assert_eq!(named("\u{fa0e}").unwrap().notes, []);
}

#[test]
fn what_is_composed_or_trimmed_is_said() {
    let replaced = |typed, written: &str| TextChange::Replaced {
        typed,
        written: written.to_owned(),
    };
    for (typed, signed, kinds) in [
        ("e\u{301}", "\u{e9}", vec![TextChange::Composed]),
        (
            "Nguye\u{302}\u{303}n",
            "Nguy\u{1ec5}n",
            vec![TextChange::Composed],
        ),
        ("\u{212b}", "\u{c5}", vec![replaced('\u{212b}', "\u{c5}")]),
        (
            "\u{9ac}\u{9dc}\u{9c1}\u{9df}\u{9be}",
            "\u{9ac}\u{9a1}\u{9bc}\u{9c1}\u{9af}\u{9bc}\u{9be}",
            vec![
                replaced('\u{9dc}', "\u{9a1}\u{9bc}"),
                replaced('\u{9df}', "\u{9af}\u{9bc}"),
            ],
        ),
        (" Okonkwo\u{a0}\n", "Okonkwo", vec![TextChange::Trimmed]),
        (
            "\u{3000}e\u{301}",
            "\u{e9}",
            vec![TextChange::Trimmed, TextChange::Composed],
        ),
    ] {
        let entry = named(typed).unwrap();
        assert_eq!(entry.license.family_name(), signed);
        let notes: Vec<_> = kinds.into_iter().map(note).collect();
        assert_eq!(entry.notes, notes);
    }
    let file = with("/categories/0/restrictions/1", json!("78 "));
    assert_eq!(
        taken(&file).notes[0].to_string(),
        "`categories[0].restrictions[1]`: blanks at its ends were left out"
    );
}

#[test]
fn what_the_register_keeps_is_read_back_without_a_change() {
    let file = with("/family_name", json!("e\u{301}"));
    assert!(parse(file.to_string().as_bytes()).is_err());
    let entry = named("\u{fa19} e\u{301}").unwrap();
    let stored = to_json(&entry.license).to_string();
    assert_eq!(parse(stored.as_bytes()), Ok(entry.license));
    // An emoji that an earlier desk took is still the license that was signed.
    let file = with("/family_name", json!("Müller 👩"));
    assert!(parse(file.to_string().as_bytes()).is_ok());
}

#[test]
fn a_name_or_number_with_nothing_to_see_is_refused() {
    for name in [
        "   ",
        "\u{a0}",
        "\u{3000}",
        "\u{200b}",
        "\u{3164}",
        "\u{ffa0}",
        "\u{2800}\u{2800}",
        "\u{301}",
        "\u{ad}",
        "\u{fe0f}",
        "\u{2800} \u{301}",
    ] {
        assert_eq!(named(name), Err(FormFault::Blank), "{name:?}");
    }
    let mut file = with("/license_number", json!("\u{2800}"));
    assert_eq!(error_of(&file).fault, FormFault::Blank);
    file = with("/categories/0/code", json!("\u{115f}"));
    assert_eq!(error_of(&file).fault, FormFault::Blank);
}

#[test]
fn characters_that_are_not_signed_are_named() {
    use CharacterFault as F;
    for (name, c, fault) in [
        ("a\u{0}b", '\0', F::Control),
        ("a\nb", '\n', F::Control),
        ("a\u{85}b", '\u{85}', F::Control),
        ("a\u{2028}b", '\u{2028}', F::Control),
        ("a\u{202e}b", '\u{202e}', F::Direction),
        ("a\u{2067}b", '\u{2067}', F::Direction),
        ("Adaeze\u{200e}", '\u{200e}', F::Direction),
        ("عبد\u{200f}الله", '\u{200f}', F::Direction),
        ("a\u{61c}b", '\u{61c}', F::Direction),
        ("a\u{200b}b", '\u{200b}', F::Invisible),
        ("ZZ\u{ad}12", '\u{ad}', F::Invisible),
        ("a\u{feff}b", '\u{feff}', F::Invisible),
        ("a\u{3164}b", '\u{3164}', F::Invisible),
        ("a\u{34f}b", '\u{34f}', F::Invisible),
        ("a\u{e0041}b", '\u{e0041}', F::Invisible),
        ("a\u{2065}b", '\u{2065}', F::Invisible),
        ("a\u{fff9}b", '\u{fff9}', F::Invisible),
        ("a\u{200d}\u{200d}b", '\u{200d}', F::Loose),
        ("a \u{200c}b", '\u{200c}', F::Loose),
        ("\u{200c}ab", '\u{200c}', F::Loose),
        ("神\u{fe00}\u{fe00}", '\u{fe00}', F::Loose),
        ("a \u{e0100}", '\u{e0100}', F::Loose),
        ("\u{180b}a", '\u{180b}', F::Loose),
        ("\u{e863}", '\u{e863}', F::Private),
        ("\u{e863}明", '\u{e863}', F::Private),
        ("\u{f0001}明", '\u{f0001}', F::Private),
        ("M\u{fffd}ller", '\u{fffd}', F::Lost),
        ("a\u{fffc}", '\u{fffc}', F::Lost),
        ("\u{323b0}", '\u{323b0}', F::Unassigned),
        ("王\u{323b0}", '\u{323b0}', F::Unassigned),
        ("a\u{11db0}", '\u{11db0}', F::Unassigned),
        ("a\u{fdd0}", '\u{fdd0}', F::Unassigned),
        ("a\u{1ffff}", '\u{1ffff}', F::Unassigned),
        ("Müller 👩\u{200d}👩\u{200d}👧", '👩', F::Emoji),
        ("Müller ❤\u{fe0f}", '\u{fe0f}', F::Emoji),
        ("🇩🇪", '🇩', F::Emoji),
        ("a🏽", '🏽', F::Emoji),
    ] {
        assert_eq!(named(name), Err(character(c, fault)), "{name:?}");
    }
    assert_eq!(
        error_of(&with("/license_number", json!("ZZ\u{ad}12"))).to_string(),
        "driver.json: `license_number` has U+00AD, which is an invisible character: delete it"
    );
}

#[test]
fn a_license_number_has_nothing_invisible_in_it() {
    use CharacterFault as F;
    for (number, c, fault) in [
        ("ZZ-70\u{200d}", '\u{200d}', F::Invisible),
        ("ZZ\u{200c}70", '\u{200c}', F::Invisible),
        ("ZZ-70\u{fe00}", '\u{fe00}', F::Invisible),
        ("粤\u{e0100}1", '\u{e0100}', F::Invisible),
        ("ZZ\u{2800}70", '\u{2800}', F::Invisible),
        ("ZZ\u{200b}70", '\u{200b}', F::Invisible),
        ("ZZ-70\u{301}", '\u{301}', F::Mark),
        ("ZZ-7\u{20dd}0", '\u{20dd}', F::Mark),
    ] {
        let error = error_of(&with("/license_number", json!(number)));
        assert_eq!(error.fault, character(c, fault), "{number:?}");
    }
    // Letters with their marks, and signs of a script, are no such thing.
    for (typed, signed) in [
        ("E\u{301}-7", "\u{c9}-7"),
        ("ক\u{9be}-7", "ক\u{9be}-7"),
        ("粤A-7", "粤A-7"),
        ("\u{fa19}-7", "\u{795e}-7"),
    ] {
        let entry = taken(&with("/license_number", json!(typed)));
        assert_eq!(entry.license.license_number(), signed);
    }
}

#[test]
fn symbols_that_are_no_emoji_are_taken() {
    for name in ["№ 5", "A+B", "Ⓐ", "™", "❤", "#1", "a*b"] {
        assert!(named(name).is_ok(), "{name}");
    }
}

#[test]
fn eight_marks_on_a_letter_are_taken_and_nine_refused() {
    let marks = |count| format!("Z{}", "\u{335}".repeat(count));
    assert!(named(&marks(8)).is_ok());
    assert_eq!(named(&marks(9)), Err(FormFault::Marks { max: 8 }));
    assert!(named(&format!("{}{}", marks(8), marks(8))).is_ok());
    // A joiner does not start the count anew.
    let joined = format!("{}\u{200d}{}", marks(8), "\u{321}");
    assert_eq!(named(&joined), Err(FormFault::Marks { max: 8 }));
}

#[test]
fn no_message_holds_more_of_a_name_than_one_character() {
    for name in ["Okonkwo\u{e863}", "Okonkwo\u{200e}", "Okonkwo👩"] {
        let error = error_of(&with("/family_name", json!(name)));
        assert!(!format!("{error} {error:?}").contains("Okonkwo"));
    }
}
