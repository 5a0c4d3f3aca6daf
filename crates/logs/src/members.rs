//! Which names are one member, and whose line is whose.
//!
//! Lines call a member by its id, its address or its name; some call it nothing, as whoever
//! reads the file knows whose it is. What is one member follows from lines that give two
//! names, and from files (or pods) that hold the lines of one member only.

mod display;

use std::collections::{BTreeMap, BTreeSet};

use crate::names::Name;
use crate::observation::Observation;
use crate::reading::{Reading, Sighting};
use crate::shown::{MemberId, Whose};

/// What whoever reads knows better than the lines.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// Whose a file is, by the number of the file.
    pub members: BTreeMap<u16, String>,
    /// The Raft group to look at, where there are many.
    pub group: Option<String>,
}

/// The members of a cluster, by their names.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Members {
    /// In the order of their names.
    pub all: Vec<Member>,
    by_name: BTreeMap<Name, MemberId>,
    /// Whose lines each file holds.
    pub whose: Vec<Whose>,
    /// The Raft group that was looked at.
    pub group: Option<Name>,
    /// The groups that were not.
    pub other_groups: usize,
    /// Names that two members share.
    pub namesakes: BTreeSet<String>,
    /// Observations whose member is not known: their file has lines of several.
    pub ownerless: usize,
    /// Members beyond [`Members::MAX`], which are left out.
    pub left_out: usize,
}

/// A member.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// What it is called here.
    pub name: String,
    /// What else it is called in the lines.
    pub also: Vec<String>,
    /// Whether it has lines of its own.
    pub speaks: bool,
}

impl Members {
    /// The maximum number of members.
    pub const MAX: usize = 20;

    /// The member that is called so.
    pub fn get(&self, name: Name) -> Option<MemberId> {
        self.by_name.get(&name).copied()
    }

    /// The member with this number.
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.all.get(usize::from(id.0))
    }

    /// What a member is called.
    pub fn name(&self, id: MemberId) -> &str {
        self.member(id).map_or("?", |it| it.name.as_str())
    }

    /// The numbers of all members.
    pub fn ids(&self) -> impl Iterator<Item = MemberId> + use<> {
        (0..self.all.len()).filter_map(|it| u8::try_from(it).ok().map(MemberId))
    }
}

/// Finds out who the members are, and whose each sighting is; those of other groups and of
/// nobody are left out.
pub(crate) fn settle(reading: &mut Reading, given: &Given) -> (Members, Vec<(MemberId, Sighting)>) {
    let (group, other_groups) = choose_group(reading, given);
    let mut sightings = std::mem::take(&mut reading.sightings);
    sightings.retain(|it| it.group.is_none() || it.group == group);
    let mut names = Same::default();
    let streams = Streams::new(&sightings, reading, given, &mut names);
    let owners: Vec<_> = sightings
        .iter()
        .map(|it| streams.owner(it, &names))
        .collect();
    let speaking: BTreeSet<Name> = owners.iter().flatten().map(|it| names.root(*it)).collect();
    let mentioned = mentioned(&sightings, &names);
    let mut roots: Vec<_> = speaking.union(&mentioned).copied().collect();
    let left_out = cut_to_most_seen(&mut roots, &owners, &names);
    let (mut members, mut namesakes) = display::name(&roots, &names, &streams, reading, given);
    let shared = streams.shared.iter();
    namesakes.extend(shared.map(|it| reading.names.text(*it).to_owned()));
    for (root, member) in &mut members {
        member.speaks = speaking.contains(root);
    }
    let place = |root: Name| {
        let at = members.iter().position(|(it, _)| *it == root)?;
        u8::try_from(at).ok().map(MemberId)
    };
    let all_names = (0..reading.names.len()).filter_map(|it| u32::try_from(it).ok().map(Name));
    let by_name = all_names
        .filter_map(|it| Some((it, place(names.root(it))?)))
        .collect();
    let files = (0..reading.texts.len()).filter_map(|it| u16::try_from(it).ok());
    let whose = files
        .map(|file| streams.whose(file, given, &names, place))
        .collect();
    let ownerless = owners.iter().filter(|it| it.is_none()).count();
    let mut owned = Vec::with_capacity(sightings.len());
    let of_owner =
        |(sighting, owner): (_, &Option<Name>)| Some((place(names.root((*owner)?))?, sighting));
    owned.extend(sightings.into_iter().zip(&owners).filter_map(of_owner));
    let members = Members {
        all: members.into_iter().map(|(_, member)| member).collect(),
        by_name,
        whose,
        group,
        other_groups,
        namesakes,
        ownerless,
        left_out,
    };
    (members, owned)
}

/// The Raft group to look at: the given one, or that in which most roles were taken; and the
/// number of the others.
fn choose_group(reading: &Reading, given: &Given) -> (Option<Name>, usize) {
    let mut taken: BTreeMap<Name, (usize, usize)> = BTreeMap::new();
    for sighting in &reading.sightings {
        if let Some(group) = sighting.group {
            let (roles, all) = taken.entry(group).or_default();
            *roles += usize::from(matches!(sighting.what, Observation::Became { .. }));
            *all += 1;
        }
    }
    let named = given.group.as_deref().and_then(|it| reading.names.find(it));
    let most = taken
        .iter()
        .max_by_key(|(_, count)| **count)
        .map(|(it, _)| *it);
    let group = named.filter(|it| taken.contains_key(it)).or(most);
    (group, taken.len().saturating_sub(1))
}

/// The members of which others speak: those of configurations, or whoever is named at all
/// if no configuration is told.
fn mentioned(sightings: &[Sighting], names: &Same) -> BTreeSet<Name> {
    let mut configured = BTreeSet::new();
    let mut others = BTreeSet::new();
    for sighting in sightings {
        if let Observation::Members { voters, learners } = &sighting.what {
            configured.extend(voters.iter().chain(learners).map(|it| names.root(*it)));
        } else if !matches!(sighting.what, Observation::Alarm { .. }) {
            // Alarms may name others than members: Consul's clients, say.
            others.extend(sighting.what.other().map(|it| names.root(it)));
        }
    }
    if configured.is_empty() {
        others
    } else {
        configured
    }
}

/// Leaves no more than there is room for: those with most sightings.
fn cut_to_most_seen(roots: &mut Vec<Name>, owners: &[Option<Name>], names: &Same) -> usize {
    let left_out = roots.len().saturating_sub(Members::MAX);
    if left_out > 0 {
        let mut seen: BTreeMap<Name, usize> = BTreeMap::new();
        for owner in owners.iter().flatten() {
            *seen.entry(names.root(*owner)).or_default() += 1;
        }
        roots.sort_by_key(|it| std::cmp::Reverse(seen.get(it).copied()));
        roots.truncate(Members::MAX);
    }
    left_out
}

/// Which names are the same member's.
#[derive(Clone, Debug, Default)]
pub(super) struct Same {
    parents: BTreeMap<Name, Name>,
}

impl Same {
    /// The name that stands for all of a member's.
    pub(super) fn root(&self, name: Name) -> Name {
        let mut at = name;
        while let Some(parent) = self.parents.get(&at) {
            at = *parent;
        }
        at
    }

    fn unite(&mut self, one: Name, other: Name) {
        let (one, other) = (self.shortened(one), self.shortened(other));
        if one != other {
            self.parents.insert(one.max(other), one.min(other));
        }
    }

    /// The root of a name, to which all names on the way to it lead from now on.
    fn shortened(&mut self, name: Name) -> Name {
        let root = self.root(name);
        let mut at = name;
        while let Some(parent) = self.parents.get_mut(&at) {
            at = std::mem::replace(parent, root);
        }
        root
    }

    /// Has every name lead to its root at once.
    fn shorten_all(&mut self) {
        let names: Vec<_> = self.parents.keys().copied().collect();
        for name in names {
            self.shortened(name);
        }
    }
}

/// Names that members of different ids give themselves, as nobody gave them one.
fn shared(sightings: &[Sighting], reading: &Reading) -> BTreeSet<Name> {
    let mut ids: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for sighting in sightings {
        if let (Observation::AlsoCalled(also), Some(by)) = (&sighting.what, sighting.by)
            && display::is_id(reading.names.text(by))
        {
            ids.entry(*also).or_default().insert(by);
        }
    }
    let shared = ids.into_iter().filter(|(_, ids)| ids.len() > 1);
    shared.map(|(name, _)| name).collect()
}

/// A part of a file that one process wrote: all of it, or what has one pod before it.
type Stream = (u16, Option<Name>);

/// Whose the parts of files are.
#[derive(Debug)]
pub(super) struct Streams {
    /// The names by which lines of a part call their own member.
    own: BTreeMap<Stream, BTreeSet<Name>>,
    /// Names that members of different ids give themselves.
    shared: BTreeSet<Name>,
    /// The files with lines whose member is called by the file, as no line names it.
    assumed: BTreeSet<u16>,
}

impl Streams {
    /// Finds them, and unites the names that are one member's.
    fn new(sightings: &[Sighting], reading: &mut Reading, given: &Given, names: &mut Same) -> Self {
        let mut own: BTreeMap<Stream, BTreeSet<Name>> = BTreeMap::new();
        let mut called: BTreeMap<Stream, Name> = BTreeMap::new();
        let shared = shared(sightings, reading);
        for sighting in sightings {
            let stream = stream(sighting);
            own.entry(stream).or_default().extend(sighting.by);
            match (&sighting.what, sighting.by) {
                (Observation::Alias { member, also }, _) => names.unite(*member, *also),
                (Observation::AlsoCalled(also), _) if shared.contains(also) => {}
                (Observation::AlsoCalled(also), Some(by)) => names.unite(by, *also),
                (Observation::AlsoCalled(also), None) => {
                    called.insert(stream, *also);
                }
                _ => {}
            }
        }
        names.shorten_all();
        let mut assumed = BTreeSet::new();
        for (stream, own) in &mut own {
            let (file, source) = *stream;
            let given = given.members.get(&file).map(|it| reading.names.name(it));
            let roots: BTreeSet<_> = own.iter().map(|it| names.root(*it)).collect();
            let called = given.or(called.get(stream).copied());
            if let (1, Some(first), Some(called)) = (roots.len(), roots.first(), called) {
                names.unite(*first, called);
            } else if roots.is_empty() {
                own.insert(called.or(source).unwrap_or_else(|| {
                    assumed.insert(file);
                    let stem = display::stem(reading, file).to_owned();
                    reading.names.name(&stem)
                }));
            }
        }
        names.shorten_all();
        Self {
            own,
            shared,
            assumed,
        }
    }

    /// Whose lines a file holds; `place` has the number of the member of a name.
    fn whose(
        &self,
        file: u16,
        given: &Given,
        names: &Same,
        place: impl Fn(Name) -> Option<MemberId>,
    ) -> Whose {
        let parts = self
            .own
            .range((file, None)..)
            .take_while(|it| it.0.0 == file);
        let own = parts.flat_map(|(_, own)| own);
        let members: BTreeSet<_> = own.filter_map(|it| place(names.root(*it))).collect();
        match (members.first(), members.len()) {
            (None, _) => Whose::Nobody,
            (Some(only), 1) if given.members.contains_key(&file) => Whose::Given(*only),
            (Some(only), 1) if self.assumed.contains(&file) => Whose::Assumed(*only),
            (Some(only), 1) => Whose::Told(*only),
            _ => Whose::Several,
        }
    }

    /// Whose a sighting is; `None` if its line does not say so and its part of the file has
    /// lines of several members.
    fn owner(&self, sighting: &Sighting, names: &Same) -> Option<Name> {
        sighting
            .by
            .or_else(|| self.only_member(stream(sighting), names))
    }

    /// The one member whose lines a part of a file holds.
    fn only_member(&self, stream: Stream, names: &Same) -> Option<Name> {
        let own = self.own.get(&stream)?;
        let mut roots = own.iter().map(|it| names.root(*it));
        let first = roots.next()?;
        roots.all(|it| it == first).then_some(first)
    }

    /// The files and pods that hold lines of one member only, with that member.
    pub(super) fn of_one_member(&self, names: &Same) -> Vec<(Stream, Name)> {
        let all = self.own.keys();
        let of_one = all.filter_map(|it| Some((*it, self.only_member(*it, names)?)));
        of_one.collect()
    }
}

fn stream(sighting: &Sighting) -> Stream {
    (sighting.place.file, sighting.source)
}
