//! What is packed comes back, and what is damaged does no harm.
#![cfg(not(target_family = "wasm"))]

use hustings_packer::{Error, Unpacking, pack, unpack};
use proptest::collection::vec;
use proptest::prelude::*;

/// A number as WebAssembly writes it.
fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn section(id: u8, body: &[u8]) -> Vec<u8> {
    [&[id], &number(body.len())[..], body].concat()
}

/// A module with these functions, and this text as its data.
fn module(functions: &[Vec<u8>], text: &[u8]) -> Vec<u8> {
    let sized = functions
        .iter()
        .map(|body| [number(body.len()), body.clone()].concat());
    let code = [number(functions.len()), sized.collect::<Vec<_>>().concat()].concat();
    let preamble = b"\0asm\x01\0\0\0".to_vec();
    [
        preamble,
        section(1, b"types"),
        section(10, &code),
        section(11, text),
    ]
    .concat()
}

/// A function without locals whose body is these instructions.
fn function(instructions: &[u8]) -> Vec<u8> {
    [&[0], instructions, &[0x0b]].concat()
}

/// An instruction of every form that there is.
fn instruction() -> impl Strategy<Value = Vec<u8>> {
    let operand = || any::<u32>().prop_map(|value| number(value as usize));
    let with = |codes: Vec<u8>, operands: usize| {
        (prop::sample::select(codes), vec(operand(), operands))
            .prop_map(|(code, operands)| [vec![code], operands.concat()].concat())
    };
    let plain = with(
        (0x45..=0xc4)
            .chain([0, 1, 0x05, 0x0f, 0x1a, 0x1b, 0xd1])
            .collect(),
        0,
    );
    let one = with(
        [
            vec![0x0c, 0x0d, 0x10, 0x12],
            (0x20..=0x26).collect(),
            vec![0x3f, 0x40, 0x41, 0x42, 0xd0, 0xd2],
        ]
        .concat(),
        1,
    );
    let two = with((0x28..=0x3e).chain([0x11, 0x13]).collect(), 2);
    let table = vec(operand(), 1..9)
        .prop_map(|places| [vec![0x0e], number(places.len() - 1), places.concat()].concat());
    let typed =
        vec(any::<u8>(), 1..3).prop_map(|types| [vec![0x1c], number(types.len()), types].concat());
    let fraction = prop_oneof![
        any::<[u8; 4]>().prop_map(|bytes| [&[0x43], &bytes[..]].concat()),
        any::<[u8; 8]>().prop_map(|bytes| [&[0x44], &bytes[..]].concat()),
    ];
    let long = prop_oneof![
        (0..8_u8).prop_map(|truncate| vec![0xfc, truncate]),
        operand().prop_map(|fill| [vec![0xfc, 11], fill].concat()),
        vec(operand(), 2).prop_map(|copy| [vec![0xfc, 10], copy.concat()].concat()),
    ];
    let leaf = prop_oneof![plain, one, two, table, typed, fraction, long];
    leaf.prop_recursive(4, 64, 8, |inner| {
        let block = prop::sample::select(vec![0x02, 0x03, 0x04]);
        (block, vec(inner, 0..8))
            .prop_map(|(block, body)| [vec![block, 0x40], body.concat(), vec![0x0b]].concat())
    })
}

fn any_module() -> impl Strategy<Value = Vec<u8>> {
    let function = vec(instruction(), 0..20).prop_map(|body| function(&body.concat()));
    let locals = Just([&[2, 3, 0x7f, 1, 0x7e][..], &[0x20, 0, 0x0b]].concat());
    let functions = vec(prop_oneof![9 => function, 1 => locals], 0..8);
    (functions, vec(any::<u8>(), 0..99)).prop_map(|(functions, text)| module(&functions, &text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_module_comes_back(module in any_module()) {
        let packed = pack(&module).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(unpack(packed), Ok(module));
    }

    #[test]
    fn what_is_damaged_does_no_harm(
        module in any_module(),
        place in any::<prop::sample::Index>(),
        change in 1..=255_u8,
        cut in any::<bool>(),
    ) {
        let mut packed = pack(&module).map_err(|error| TestCaseError::fail(error.to_string()))?;
        // The first four bytes are the length, which would make this slow.
        let place = 4 + place.index(packed.len() - 4);
        if cut {
            packed.truncate(place);
        } else {
            packed[place] ^= change;
        }
        let mut unpacking = match Unpacking::new(packed) {
            Ok(unpacking) => unpacking,
            Err(error) => {
                prop_assert_eq!(error, Error::Damaged);
                return Ok(());
            }
        };
        // Whoever goes on after an error, and takes what there is, has no good of it, but
        // no harm either.
        for _ in 0..99 {
            let _ = unpacking.step();
        }
        unpacking.finish();
    }
}

#[test]
fn a_module_is_unpacked_step_by_step() {
    let functions: Vec<_> = (0..9).map(|nth| function(&[0x41, nth])).collect();
    let module = module(&functions, &[7; 5000]);
    let mut unpacking = Unpacking::new(pack(&module).unwrap()).unwrap();
    let mut steps = vec![unpacking.so_far()];
    while unpacking.step().unwrap() {
        steps.push(unpacking.so_far());
    }
    assert!(
        steps.is_sorted() && steps.len() > functions.len() + 4,
        "{steps:?}"
    );
    assert_eq!(unpacking.finish(), module);
}

#[test]
fn what_occurs_again_costs_little() {
    let body = function(&[[0x20, 0], [0x41, 7], [0x20, 1], [0x41, 9]].concat());
    let once = module(std::slice::from_ref(&body), b"");
    let often = module(&vec![body; 500], b"");
    let more = pack(&often).unwrap().len() - pack(&once).unwrap().len();
    let was = often.len() - once.len();
    assert!(more < was / 50, "{more} bytes for {was}");
}

#[test]
fn text_outside_of_functions_is_packed_too() {
    let text = "A candidate asks for votes; a follower grants or refuses its vote. ".repeat(9);
    let packed = pack(&module(&[], text.as_bytes())).unwrap();
    assert!(
        packed.len() < text.len() / 2,
        "{} bytes for {}",
        packed.len(),
        text.len()
    );
}

#[test]
fn an_instruction_that_is_not_known_is_refused_with_its_place() {
    let simd = module(&[function(&[0x01]), function(&[0x01, 0xfd, 0x0c])], b"");
    let place = simd.iter().position(|&byte| byte == 0xfd).unwrap();
    // Two sizes stand before it.
    assert_eq!(pack(&simd), Err(Error::Unknown(place - 2)));
}

#[test]
fn what_is_no_module_is_refused() {
    assert_eq!(pack(b""), Err(Error::Short));
    assert_eq!(pack(b"\0asm\x01\0\0\0\x0a\xff\xff\xff"), Err(Error::Short));
    let whole = module(&[function(&[0x01])], b"text");
    assert_eq!(pack(&whole[..whole.len() - 1]), Err(Error::Short));
}

#[test]
fn a_size_in_more_bytes_than_it_takes_is_refused() {
    let body = function(&[]);
    let size = [body.len() as u8 | 0x80, 0x00];
    let code = section(10, &[&[1], &size[..], &body].concat());
    let module = [b"\0asm\x01\0\0\0", &code[..]].concat();
    assert_eq!(pack(&module), Err(Error::Different));
}

#[test]
fn a_module_that_is_too_long_is_refused() {
    assert_eq!(
        pack(&vec![0; hustings_packer::LONGEST + 1]),
        Err(Error::Long)
    );
}

#[test]
fn what_has_no_beginning_or_is_to_be_too_long_is_damaged() {
    assert_eq!(unpack(vec![1, 2, 3]), Err(Error::Damaged));
    assert_eq!(unpack(vec![0xff; 64]), Err(Error::Damaged));
}
