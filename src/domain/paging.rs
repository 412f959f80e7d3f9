//! Numbered pages of a list.

/// A page of a list, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPage {
    pub number: i64,
    /// The most entries of a page.
    size: i64,
}

impl ListPage {
    /// The page that an address names; the first for anything that is no number.
    pub fn parse(number: &str, size: i64) -> Self {
        Self { number: number.parse().unwrap_or(1).clamp(1, 1_000_000), size }
    }

    /// Offset and count of the entries to read: one more than are shown, to know whether there is another page.
    pub fn slice(self) -> (i64, i64) {
        ((self.number - 1) * self.size, self.size + 1)
    }

    /// The entries to show of those that were read, and whether there is another page.
    pub fn cut<T>(self, mut read: Vec<T>) -> (Vec<T>, bool) {
        let more = read.len() as i64 > self.size;
        read.truncate(self.size as usize);
        (read, more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other() {
        let page = |number: &str| ListPage::parse(number, 30);
        assert_eq!((page("").number, page("x").number, page("-3").number), (1, 1, 1));
        assert_eq!((page("1").slice(), page("3").slice()), ((0, 31), (60, 31)));
        assert_eq!(page("99999999999").slice().0, 30 * 999_999);
        assert_eq!(ListPage::parse("1", 2).cut(vec![1, 2, 3]), (vec![1, 2], true));
        assert_eq!(ListPage::parse("1", 2).cut(vec![1, 2]), (vec![1, 2], false));
    }
}
