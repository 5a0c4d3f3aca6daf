//! The shipped programs and their flaws.

use std::rc::Rc;

use hustings_lab::{Library, LibraryError};
use hustings_programs::{Interpreter, SHIPPED, Source, mended};

use super::library;

fn names(flaws: &[&str]) -> Vec<Rc<str>> {
    flaws.iter().map(|it| Rc::from(*it)).collect()
}

#[test]
fn every_shipped_program_can_be_read_as_written_and_with_its_flaws_mended_alone_and_together() {
    let interpreter = Rc::new(Interpreter::default());
    for program in SHIPPED {
        let flaws: Vec<_> = program.flaws.iter().map(|it| Rc::from(&*it.name)).collect();
        let alone = flaws.iter().map(std::slice::from_ref);
        for mends in alone.chain([&[][..], &flaws]) {
            let text = mended(Some(program), &program.source, mends);
            let text = text.unwrap_or_else(|error| panic!("{} {mends:?}: {error:?}", program.name));
            let read = Source::read(&interpreter, &text);
            read.unwrap_or_else(|error| panic!("{} {mends:?}: {error}", program.name));
        }
        for flaw in &*program.flaws {
            let lines = flaw.lines(&program.source);
            assert!(lines.is_some_and(|(first, last)| first <= last), "{flaw:?}");
        }
    }
    assert_eq!(SHIPPED.len(), 6);
}

#[test]
fn every_flaw_breaks_a_rule_or_an_invariant() {
    for flaw in SHIPPED.iter().flat_map(|program| &*program.flaws) {
        assert!(
            flaw.rule().is_some() != flaw.invariant().is_some(),
            "{flaw:?}"
        );
    }
}

#[test]
fn a_program_that_is_not_there_is_refused_with_the_reason() {
    let library = library();
    let error = |name: &str, source: Option<&str>, flaws: &[&str]| {
        library
            .program(name, source, &names(flaws))
            .expect_err("it is not there")
    };
    assert_eq!(error("nothing", None, &[]), LibraryError::UnknownName);
    let unknown = LibraryError::UnknownFlaw("nothing".into());
    assert_eq!(error("message-dispatch", None, &["nothing"]), unknown);
    let twice = error("message-dispatch", None, &["votes-not-counted"; 2]);
    assert!(matches!(twice, LibraryError::Mend(_)), "{twice:?}");
    let wrong = error("mine", Some("fn start(me) {\n  x\n}"), &[]);
    let LibraryError::Source(failure) = wrong else {
        panic!("{wrong:?}");
    };
    assert_eq!(
        failure.to_string(),
        "line 2, column 3: undefined variable: x"
    );
}

#[test]
fn a_program_says_what_a_script_must_carry() {
    let library = library();
    let shipped = library.program("message-dispatch", None, &names(&["votes-not-counted"]));
    let shipped = shipped.expect("it is shipped");
    assert_eq!(shipped.source(), None);
    assert_eq!(shipped.mended(), names(&["votes-not-counted"]));
    let own = library.program("mine", Some("fn start(me) {}"), &[]);
    assert_eq!(own.expect("it is right").source(), Some("fn start(me) {}"));
}
