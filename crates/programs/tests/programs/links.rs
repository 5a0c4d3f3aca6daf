//! Sources in links.

use hustings_lab::link::{self, LinkError};
use hustings_lab::{Header, Library, NoLibrary, Run, Script, UnpackError};
use hustings_programs::{pack, unpack};

use super::{ELECTION, library, played};

/// A source that hardly gets shorter, of as many bytes as a source may have.
fn longest() -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut noise = 1_u32;
    let mut source = "fn start(me) {}\n//".to_owned();
    while source.len() < Header::SOURCE_CHARS_MAX {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        source.push(DIGITS[(noise >> 26) as usize].into());
    }
    source
}

fn packed(run: &Run) -> String {
    link::pack(run, &library()).expect("short")
}

fn told(link: &str, library: &dyn Library) -> String {
    let error = link::follow_with(link, library).expect_err("wrong");
    error.to_string()
}

/// A link to a cluster whose servers run a program of this line.
fn link_of(source: &str) -> String {
    format!("cluster+3;seed+1;program+p;{source};run+all+p;run+1s;end")
}

#[test]
fn a_link_names_its_programs_and_packs_each_source_into_one_line() {
    let source = "fn start(me) {\n    arm(\"election\");\n}";
    let run = played(source, "cluster 3 / run all p / run 1s");
    let expected = link_of(&format!("source+{}", pack(source)));
    assert_eq!(packed(&run), expected);
}

/// Links from earlier versions must stay valid, whatever packed them.
#[test]
fn a_packed_source_is_deflated_with_a_checksum() {
    let source = "source+eNpLy1MoLkksKtHITdVUqOZSAILEolwNpdSc1OSSzPw8JU1rrloA3OULVQ";
    let script = link::text(&link_of(source), &library()).expect("a link");
    let lines = "program p\n| fn start(me) {\n|     arm(\"election\");\n| }\nrun all p\n";
    assert!(script.contains(lines), "{script}");
}

#[test]
fn a_link_to_a_carried_program_gives_the_same_run_and_is_less_than_half_as_long() {
    let run = played(
        ELECTION,
        "cluster 5 / seed 4 / run S1 S3 p / note \"; + %\" / run 2s",
    );
    let text = packed(&run);
    let followed = link::follow_with(&text, &library()).expect("a link");
    assert_eq!(followed.header(), run.header());
    assert!(followed.records().iter().eq(run.records().iter()));
    let script = link::text(&text, &library()).expect("a link");
    let saved = Script::save(&run).expect("short").replace("\n\n", "\n");
    assert_eq!(script, saved.trim_end());
    let plain = link::pack(&run, &NoLibrary).expect("short");
    assert!(
        text.len() * 2 < plain.len(),
        "{} {}",
        text.len(),
        plain.len()
    );
    let from_plain = link::follow_with(&plain, &library()).expect("an earlier link");
    assert_eq!(from_plain.header(), run.header());
}

#[test]
fn every_source_is_unpacked_to_the_byte() {
    let longest = longest();
    for source in [
        "",
        "\n",
        " \n\n| x\n",
        "é\t“选举”",
        &longest,
        &"\n".repeat(60_000),
    ] {
        let packed = pack(source);
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!(packed.bytes().all(safe), "{packed}");
        assert_eq!(unpack(&packed, source.len()).as_deref(), Ok(source));
    }
}

#[test]
fn the_longest_source_fits_into_a_link() {
    let run = played(&longest(), "cluster 3 / run all p / run 1s");
    let text = packed(&run);
    assert!(text.len() > Header::SOURCE_CHARS_MAX, "{}", text.len());
    let followed = link::follow_with(&text, &library()).expect("a link");
    assert_eq!(followed.header(), run.header());
    assert_eq!(
        link::pack(&run, &NoLibrary).map(|link| link.len() > text.len()),
        Ok(false)
    );
}

#[test]
fn a_source_that_is_altered_cut_off_or_too_long_is_an_error() {
    let damaged = "the link is damaged: the source of a program in it is altered or too long; \
                   copy it again as a whole";
    let source = pack(ELECTION);
    for place in (0..source.len()).step_by(97) {
        let other = if &source[place..=place] == "A" {
            "B"
        } else {
            "A"
        };
        let mut altered = source.clone();
        altered.replace_range(place..=place, other);
        for wrong in [&altered, &source[..place], &source[place + 1..]] {
            assert_eq!(unpack(wrong, ELECTION.len()), Err(UnpackError::Damaged));
            assert_eq!(
                told(&link_of(&format!("source+{wrong}")), &library()),
                damaged
            );
        }
    }
    let bomb = pack(&"x".repeat(5_000_000));
    assert_eq!(unpack(&bomb, 1_000), Err(UnpackError::Damaged));
    assert_eq!(
        told(&link_of(&format!("source+{bomb}")), &library()),
        damaged
    );
    let long = format!("source+{}", pack(&"é".repeat(60_001)));
    assert_eq!(
        told(&link_of(&long), &library()),
        "line 3 of the link cannot be read: the source of `p` is longer than 60000 characters"
    );
}

#[test]
fn many_sources_are_no_longer_than_a_script() {
    let source = format!("source+{}", pack(&"x".repeat(60_000)));
    let many = vec![&*source; 400].join(";");
    let link = link_of(&many);
    let error = link::text(&link, &library());
    assert_eq!(error, Err(LinkError::Source(UnpackError::Damaged)));
}

#[test]
fn a_source_stands_below_its_program_in_links_only() {
    let source = pack("fn start(me) {}");
    assert_eq!(
        told(&format!("cluster+3;source+{source};run+1s;end"), &library()),
        "line 2 of the link cannot be read: a line that begins with `|` is source, and must follow \
         `program` and a name, or another line of that source"
    );
    let script = format!("program p\nsource {source}\nrun all p");
    let errors = Script::parse_with(&script, &library()).expect_err("no such line");
    assert_eq!(errors[0].at.line, 1);
}

#[test]
fn whether_a_link_needs_programs_is_known_before_anything_can_unpack_it() {
    let run = played(ELECTION, "cluster 3 / run all p / run 1s");
    let text = packed(&run);
    for link in [
        &text,
        &format!("https://example.org/#{text}"),
        "run+S1+eager;end",
    ] {
        assert!(link::needs_programs(link), "{link}");
    }
    for link in ["", "run+1s;end", "program+p", "title+%22program%22;end"] {
        assert!(!link::needs_programs(link), "{link}");
    }
    assert_eq!(
        told(&text, &NoLibrary),
        "programs cannot run here, and a server of the link runs one"
    );
}
