//! Packing and unpacking for whoever runs this as WebAssembly: Node (xtask/src/pack.mjs)
//! and the browser (www/unpack.js).
//!
//! They put bytes where [`room`] says, have them packed or unpacked, and find what came
//! out at [`outcome`].

#![expect(
    unsafe_code,
    reason = "an exported function keeps its name, which another might have; and an allocator \
              is trusted with all memory"
)]

use crate::{Unpacking, pack};
use lol_alloc::{AssumeSingleThreaded, LeakingAllocator};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// It lives for one module, so what is freed need not be found again; the allocator of
/// the standard library would be as large as all the rest.
#[global_allocator]
// SAFETY: WebAssembly has one thread here.
static MEMORY: AssumeSingleThreaded<LeakingAllocator> =
    unsafe { AssumeSingleThreaded::new(LeakingAllocator::new()) };

/// What goes in, what comes out, and what is between.
struct Desk {
    bytes: Vec<u8>,
    unpacking: Option<Unpacking>,
}

static DESK: Mutex<Desk> = Mutex::new(Desk {
    bytes: Vec::new(),
    unpacking: None,
});

fn desk() -> MutexGuard<'static, Desk> {
    DESK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for so many bytes, and says where.
#[unsafe(no_mangle)]
pub extern "C" fn room(length: usize) -> *mut u8 {
    let mut desk = desk();
    desk.unpacking = None;
    desk.bytes = vec![0; length];
    desk.bytes.as_mut_ptr()
}

/// Packs the module that is in the room; if that cannot be, it is false, and what comes
/// out is a sentence that says why.
#[unsafe(no_mangle)]
pub extern "C" fn pack_module() -> bool {
    let mut desk = desk();
    let packed = pack(&desk.bytes);
    let done = packed.is_ok();
    desk.bytes = packed.unwrap_or_else(|error| error.to_string().into_bytes());
    done
}

/// Unpacks at least so many bytes more of what is in the room, if there are; false when
/// all is unpacked, or what is packed is damaged, and then nothing comes out.
#[unsafe(no_mangle)]
pub extern "C" fn unpack_more(least: usize) -> bool {
    let mut desk = desk();
    let packed = std::mem::take(&mut desk.bytes);
    let Some(mut unpacking) = desk
        .unpacking
        .take()
        .or_else(|| Unpacking::new(packed).ok())
    else {
        return false;
    };
    let until = unpacking.so_far() + least;
    while unpacking.so_far() < until {
        match unpacking.step() {
            Ok(true) => (),
            Ok(false) => {
                desk.bytes = unpacking.finish();
                return false;
            }
            Err(_) => return false,
        }
    }
    desk.unpacking = Some(unpacking);
    true
}

/// Where what came out begins.
#[unsafe(no_mangle)]
pub extern "C" fn outcome() -> *const u8 {
    desk().bytes.as_ptr()
}

/// How many bytes came out.
#[unsafe(no_mangle)]
pub extern "C" fn outcome_length() -> usize {
    desk().bytes.len()
}
