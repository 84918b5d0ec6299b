//! The folder that the journal lives in.

use std::io::{ErrorKind, Read, Write};

use satback::sim::MemoryDisk;
use satback::store::disk::{Disk, Folder};

fn keeps_its_contract(disk: &dyn Disk) {
    assert_eq!(disk.list().unwrap(), Vec::<String>::new());
    for missing in [disk.read("x").err(), disk.open("x").err(), disk.remove("x").err()] {
        assert_eq!(missing.unwrap().kind(), ErrorKind::NotFound);
    }
    assert_eq!(disk.rename("x", "y").unwrap_err().kind(), ErrorKind::NotFound);

    let mut file = disk.create("b", 8).unwrap();
    assert_eq!(disk.read("b").unwrap(), [0; 8], "as many zeros as asked for");
    file.write_at(3, b"abc").unwrap();
    file.write_at(0, b"z").unwrap();
    file.sync().unwrap();
    assert_eq!(disk.read("b").unwrap(), b"z\0\0abc\0\0");
    disk.open("b").unwrap().write_at(7, b"!").unwrap();
    assert_eq!(disk.read("b").unwrap(), b"z\0\0abc\0!", "opening changes nothing");

    let mut writer = disk.writer("a").unwrap();
    writer.write_all(b"one ").unwrap();
    writer.write_all(b"two").unwrap();
    writer.finish().unwrap();
    let mut read = String::new();
    disk.reader("a").unwrap().read_to_string(&mut read).unwrap();
    assert_eq!(read, "one two");
    assert_eq!(disk.list().unwrap(), ["a", "b"]);

    disk.rename("a", "b").unwrap();
    assert_eq!(disk.list().unwrap(), ["b"], "a file of that name goes");
    assert_eq!(disk.read("b").unwrap(), b"one two");
    disk.writer("b").unwrap().finish().unwrap();
    assert_eq!(disk.read("b").unwrap(), b"", "a file of that name is emptied");
    disk.create("b", 2).unwrap();
    assert_eq!(disk.read("b").unwrap(), [0; 2]);
    assert!(disk.age_secs("b").unwrap() < 3_600);
    disk.remove("b").unwrap();
    assert_eq!(disk.list().unwrap(), Vec::<String>::new());
}

#[test]
fn a_folder_of_the_operating_system_keeps_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("books")).unwrap();
    std::fs::create_dir(dir.path().join("books/view")).unwrap();
    keeps_its_contract(&Folder::open(&dir.path().join("books")).unwrap());
}

#[test]
fn a_folder_in_memory_keeps_the_contract() {
    keeps_its_contract(&MemoryDisk::default());
}

#[test]
fn a_folder_in_memory_forgets_what_was_not_synced() {
    let disk = MemoryDisk::default();
    let mut file = disk.create("a", 4).unwrap();
    file.write_at(0, b"ab").unwrap();
    file.sync().unwrap();
    file.write_at(2, b"cd").unwrap();
    disk.cut_power();
    assert_eq!(disk.read("a").unwrap(), b"ab\0\0");
    assert_eq!(disk.syncs(), 1);
}
