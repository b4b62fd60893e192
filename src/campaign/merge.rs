//! The campaign that shards make: which order they go in, and what is missing.

use super::shard::{ShardHeader, ShardKind, Trials};
use super::{CampaignEnding, CampaignIdentity, Results, Shard};

/// Why shards do not make a campaign: the file, what is wrong with it, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeError {
    /// What is wrong, the file named.
    pub message: String,
    /// What to do instead.
    pub hint: String,
}

/// The campaign that these named shards make, in any order, all in memory.
pub fn merge(shards: Vec<(String, Shard)>) -> Result<Results, MergeError> {
    let headers: Vec<(String, ShardHeader)> =
        shards.iter().map(|(name, shard)| (name.clone(), shard.header.clone())).collect();
    let order = order::<Trials>(&headers)?;
    for at in &order {
        let (name, shard) = &shards[*at];
        if !shard.is_complete() {
            return Err(interrupted::<Trials>(name, &shard.header, shard.rows.len() as u64));
        }
    }
    let identity: CampaignIdentity = headers[0].1.identity.clone();
    let mut shards: Vec<Option<Shard>> = shards.into_iter().map(|(_, shard)| Some(shard)).collect();
    let in_order = order.into_iter().filter_map(|at| shards[at].take());
    let rows = in_order.flat_map(|shard| shard.rows).collect();
    Ok(Results { identity, rows, ending: CampaignEnding::Whole })
}

/// The order in which the shards with these headers make a campaign, as positions.
///
/// Fails if they are not all of the same campaign, if one is there twice, or if one is missing.
pub fn order<K: ShardKind>(
    headers: &[(String, ShardHeader<K::Identity>)],
) -> Result<Vec<usize>, MergeError> {
    let Some((first_name, first)) = headers.first() else {
        let message = "no shards to merge".to_string();
        return Err(MergeError { message, hint: "name the files of all shards".to_string() });
    };
    for (name, header) in headers {
        if let Some(what) = differs::<K>(first, header) {
            return Err(MergeError {
                message: format!("{name} and {first_name} differ in {what}"),
                hint: "merge only shards of one campaign: the same scenario, seed, trials, number \
                       of shards and version of sim"
                    .to_string(),
            });
        }
    }
    let mut order: Vec<usize> = (0..headers.len()).collect();
    order.sort_by_key(|at| headers[*at].1.block.shard);
    for pair in order.windows(2) {
        let [(one, header), (other, second)] = [&headers[pair[0]], &headers[pair[1]]];
        if header.block == second.block {
            return Err(MergeError {
                message: format!("{one} and {other} are both shard {}", header.block),
                hint: "name each shard once".to_string(),
            });
        }
    }
    let total = first.block.total;
    let mut there = order.iter().map(|at| headers[*at].1.block.shard).peekable();
    let missing: Vec<u32> = (1..=total).filter(|shard| there.next_if_eq(shard).is_none()).collect();
    if missing.is_empty() { Ok(order) } else { Err(are_missing::<K>(&missing, first)) }
}

/// Which shards are missing, as every engine writes it.
fn are_missing<K: ShardKind>(missing: &[u32], of: &ShardHeader<K::Identity>) -> MergeError {
    let amount = K::amount(&of.identity, of.trials);
    let total = of.block.total;
    let list = listed(missing);
    let message = match missing {
        [one] => format!("missing: shard {one}/{total}"),
        _ => format!("missing: {} of {total} shards: {list}", missing.len()),
    };
    let one = match missing {
        [one] => format!("run it with {amount} --shard {one}/{total} and name its file too"),
        _ => format!("run them with {amount} and name their files too"),
    };
    let hint = format!(
        "{one}; as a job array, Slurm takes sbatch --array={list}, and other engines an array of \
         {} with --shard auto --of {total} --only {list}",
        missing.len()
    );
    MergeError { message, hint }
}

/// A shard that does not have all trials of its block.
pub fn interrupted<K: ShardKind>(
    name: &str,
    header: &ShardHeader<K::Identity>,
    rows: u64,
) -> MergeError {
    let (all, trials) = (header.of_block(), K::TRIALS);
    let (amount, block) = (K::amount(&header.identity, header.trials), header.block);
    MergeError {
        message: format!("{name} has {rows} of the {all} {trials} of its block"),
        hint: format!("it was interrupted; run {amount} --shard {block} again"),
    }
}

/// `3,17-19`: numbers in order as job arrays list them.
pub fn listed(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let words = runs.iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first},{last}"),
        _ => format!("{first}-{last}"),
    });
    words.collect::<Vec<_>>().join(",")
}

/// How two headers differ, if they are not of the same campaign.
fn differs<K: ShardKind>(
    one: &ShardHeader<K::Identity>,
    other: &ShardHeader<K::Identity>,
) -> Option<&'static str> {
    let (first, second) = (K::origin(&one.identity), K::origin(&other.identity));
    let same = [
        (first[0] == second[0], "version of sim"),
        (first[1] == second[1], "scenario"),
        (first[2] == second[2], "seed"),
        (one.trials == other.trials, "number of trials"),
        (one.block.total == other.block.total, "number of shards"),
        (one.identity == other.identity, "scenario"),
    ];
    same.into_iter().find(|(same, _)| !same).map(|(_, what)| what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_shards_are_listed_as_job_arrays_write_them() {
        assert_eq!(listed(&[3, 17, 18, 19]), "3,17-19");
        assert_eq!(listed(&[1, 2, 4]), "1,2,4");
        assert_eq!(listed(&[u32::MAX - 1, u32::MAX]), "4294967294,4294967295");
        assert_eq!(listed(&[]), "");
    }
}
