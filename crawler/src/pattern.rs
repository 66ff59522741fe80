//! Path patterns of owners: `*` stands for anything within one step, `**` for anything at all.

/// Whether `path` matches all of `pattern`.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where to go on after the last star: (pattern after it, path position, whether it crosses slashes).
    let mut star: Option<(usize, usize, bool)> = None;
    let mut deep: Option<(usize, usize, bool)> = None;
    loop {
        if p < pattern.len() && pattern[p] == b'*' {
            let crosses = pattern.get(p + 1) == Some(&b'*');
            p += if crosses { 2 } else { 1 };
            star = Some((p, t, crosses));
            if crosses {
                deep = star;
            }
            continue;
        }
        if t == path.len() {
            if p == pattern.len() {
                return true;
            }
        } else if p < pattern.len() && pattern[p] == path[t] {
            p += 1;
            t += 1;
            continue;
        }
        // Give the last star one more character; where it may not take it, the last double star.
        let retry = |star: Option<(usize, usize, bool)>| {
            star.filter(|(_, at, crosses)| *at < path.len() && (*crosses || path[*at] != b'/'))
        };
        let Some((after, at, crosses)) = retry(star).or_else(|| retry(deep)) else {
            return false;
        };
        let next = (after, at + 1, crosses);
        star = Some(next);
        if crosses {
            deep = star;
        }
        (p, t) = (after, at + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_take_a_step_and_double_stars_take_anything() {
        for (pattern, path, expected) in [
            ("/topic/**", "/topic/12/x/y", true),
            ("/topic/**", "/topic/", true),
            ("/topic/**", "/topics/1", false),
            ("/topic/*", "/topic/12", true),
            ("/topic/*", "/topic/12/3", false),
            ("/*/feed", "/blog/feed", true),
            ("/*/feed", "/a/b/feed", false),
            ("/**/feed", "/a/b/feed", true),
            ("/**/a*/end", "/x/ab/y/ac/end", true),
            ("/exact", "/exact", true),
            ("/exact", "/exactly", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }
}
