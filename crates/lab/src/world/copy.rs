//! Copies of worlds: a search makes one for each step that it tries.

use super::World;

impl Clone for World {
    fn clone(&self) -> Self {
        Self {
            now: self.now,
            servers: self.servers.clone(),
            schedule: self.schedule.clone(),
            cuts: self.cuts,
            usual_latency: self.usual_latency,
            latencies: self.latencies.clone(),
            judge: self.judge.clone(),
            waiting: self.waiting,
            messages_digest: self.messages_digest,
        }
    }

    /// Copies into the memory of a world that is not needed any more.
    fn clone_from(&mut self, other: &Self) {
        let Self {
            now,
            servers,
            schedule,
            cuts,
            usual_latency,
            latencies,
            judge,
            waiting,
            messages_digest,
        } = other;
        (self.now, self.cuts, self.usual_latency) = (*now, *cuts, *usual_latency);
        (self.waiting, self.messages_digest) = (*waiting, *messages_digest);
        self.servers.clone_from(servers);
        self.schedule.clone_from(schedule);
        self.latencies.clone_from(latencies);
        self.judge.clone_from(judge);
    }
}
