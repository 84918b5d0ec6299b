use std::time::Duration;

use super::*;

fn address(last: u8) -> IpAddr {
    IpAddr::from([10, 0, 0, last])
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(future)
}

/// True if it has to leave.
async fn is_sent_away(seat: &Seat) -> bool {
    tokio::time::timeout(Duration::ZERO, seat.sent_away()).await.is_ok()
}

#[test]
fn nobody_leaves_while_there_is_room() {
    block_on(async {
        let room = Room::new(2);
        let (one, two) =
            (room.enter(address(1)).await.unwrap(), room.enter(address(1)).await.unwrap());
        assert!(!is_sent_away(&one).await && !is_sent_away(&two).await);
    });
}

#[test]
fn of_the_address_that_has_most_the_one_that_has_waited_longest_leaves() {
    block_on(async {
        let room = Room::new(4);
        let honest = room.enter(address(1)).await.unwrap();
        let mut rude = vec![];
        for _ in 0..3 {
            rude.push(room.enter(address(2)).await.unwrap());
        }
        assert!(rude[0].begin_answer());
        rude[0].wait_for_client();
        let newcomer = {
            let room = Arc::clone(&room);
            tokio::spawn(async move { room.enter(address(3)).await.unwrap() })
        };
        rude[1].sent_away().await;
        assert!(!is_sent_away(&honest).await && !is_sent_away(&rude[0]).await);
        assert!(!rude[1].begin_answer(), "nothing is begun for one that was sent away");
        rude.remove(1);
        newcomer.await.unwrap();
    });
}

#[test]
fn who_is_being_answered_stays_and_a_newcomer_comes_in_when_the_answer_is_done() {
    block_on(async {
        let room = Room::new(1);
        let busy = room.enter(address(1)).await.unwrap();
        assert!(busy.begin_answer());
        assert!(!room.make_room());
        let newcomer = {
            let room = Arc::clone(&room);
            tokio::spawn(async move { room.enter(address(2)).await.unwrap() })
        };
        tokio::task::yield_now().await;
        assert!(!newcomer.is_finished() && !is_sent_away(&busy).await);
        busy.wait_for_client();
        busy.sent_away().await;
        drop(busy);
        newcomer.await.unwrap();
    });
}

#[test]
fn what_ends_by_itself_leaves_nothing_behind() {
    block_on(async {
        let room = Room::new(1);
        drop(room.enter(address(1)).await.unwrap());
        assert!(!room.make_room());
        room.enter(address(2)).await.unwrap();
    });
}
