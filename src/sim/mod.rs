//! Simulated adapters: time, chance, disk and node in memory, all of them deterministic. They pass the same contract
//! tests as the real ones, and no release build carries them.

pub mod auditor;
pub mod campaign;
pub mod chance;
pub mod clock;
#[cfg(feature = "daemon")]
pub mod daemon;
pub mod disk;
pub mod entropy;
pub mod fuse;
pub mod harness;
pub mod invoice;
mod limits;
pub mod marks;
pub mod node;
pub mod node_admin;
pub mod receiver;
pub mod secrets;
pub mod terms;
pub mod view;
pub mod world;

pub use clock::SimClock;
pub use disk::MemoryDisk;
pub use entropy::SimEntropy;
pub use node::{Behaviour, SimNode};
pub use receiver::SimReceiver;
pub use view::MapView;
