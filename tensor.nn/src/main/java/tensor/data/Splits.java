package tensor.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tensor.api.RandomKey;

/// Ways to part a data set, all but those by time at random. All are pure functions of their arguments.
///
/// *Stratified* means that every part has the classes in the proportions of the whole: a class's share in a part is its
/// exact share, rounded down or up.
public final class Splits {
    private Splits() {}

    /// {@return `folds` splits of the indices from 0 to before `count`} Each index is held back in exactly one of them;
    /// the held parts differ in size by at most 1.
    ///
    /// @param count how many samples there are
    /// @param folds how many splits, at least 2
    /// @param key decides which sample goes where
    /// @throws IllegalArgumentException if `folds` is less than 2 or greater than `count`
    public static List<Split> kFold(int count, int folds, RandomKey key) {
        if (folds < 2 || folds > count) {
            throw new IllegalArgumentException(
                    "Splits.kFold: folds is %d for %d samples; use 2 to the number of samples"
                            .formatted(folds, count));
        }
        int[] foldOf = new int[count];
        int[] order = key.permutation(count);
        for (int place = 0; place < count; place++) {
            foldOf[order[place]] = place % folds;
        }
        return heldInTurn(foldOf, folds);
    }

    /// {@return `folds` stratified splits} Each index is held back in exactly one of them; the held parts differ in size
    /// by at most 1, and so do a class's shares in them.
    ///
    /// @param folds how many splits, at least 2
    /// @param key decides which sample goes where
    /// @param labels the class of each sample
    /// @throws IllegalArgumentException if `folds` is less than 2, or a class has fewer members than there are folds
    public static List<Split> stratifiedKFold(long[] labels, int folds, RandomKey key) {
        if (folds < 2) {
            throw new IllegalArgumentException(
                    "Splits.stratifiedKFold: folds is " + folds + "; use a number from 2");
        }
        int[] foldOf = new int[labels.length];
        int dealt = 0; // goes on from class to class, so that the sizes of the parts stay even
        for (int[] members : classes(labels)) {
            long label = labels[members[0]];
            if (members.length < folds) {
                throw new IllegalArgumentException(
                        "Splits.stratifiedKFold: class %d has %s for %d folds; %s"
                                .formatted(
                                        label,
                                        members.length == 1
                                                ? "1 member"
                                                : members.length + " members",
                                        folds,
                                        members.length == 1
                                                ? "give it at least 2, or use kFold"
                                                : "use at most %d".formatted(members.length)));
            }
            for (int place : key.fold(label).permutation(members.length)) {
                foldOf[members[place]] = dealt++ % folds;
            }
        }
        return heldInTurn(foldOf, folds);
    }

    /// {@return `folds` splits that keep groups together} All samples of a group, as of one speaker or one patient, are on
    /// the same side of each split, so that none is measured on whom it knows. Each index is held back in exactly one.
    /// The larger groups are dealt first, each to the part that is smallest so far, so that the parts are of similar size.
    ///
    /// @param folds how many splits, at least 2
    /// @param key decides which of equally large groups goes where
    /// @param groups the group of each sample
    /// @throws IllegalArgumentException if `folds` is less than 2 or greater than the number of groups
    public static List<Split> groupKFold(long[] groups, int folds, RandomKey key) {
        List<int[]> members = classes(groups);
        if (folds < 2 || folds > members.size()) {
            throw new IllegalArgumentException(
                    "Splits.groupKFold: folds is %d for %d groups; use 2 to the number of groups"
                            .formatted(folds, members.size()));
        }
        int[] foldOf = new int[groups.length];
        int[] sizes = new int[folds];
        Arrays.stream(key.permutation(members.size()))
                .mapToObj(members::get)
                .sorted(Comparator.comparingInt(group -> -group.length))
                .forEachOrdered(group -> {
                    int smallest = smallest(sizes);
                    sizes[smallest] += group.length;
                    Arrays.stream(group).forEach(i -> foldOf[i] = smallest);
                });
        return heldInTurn(foldOf, folds);
    }

    /// {@return `folds` splits of samples in the order of time} Each learns from all samples before those that it holds
    /// back, and from none after them. The held parts are of equal size and follow each other up to the last sample; the
    /// first `count / (folds + 1)` samples or a few more are never held back.
    ///
    /// ```text
    /// 8 samples, 3 folds:   0 1 | 2 3        0 1 2 3 | 4 5        0 1 2 3 4 5 | 6 7
    /// ```
    ///
    /// @param count how many samples there are
    /// @param folds how many splits, at least 2
    /// @throws IllegalArgumentException if `folds` is less than 2, or there are not more samples than folds
    public static List<Split> timeSeries(int count, int folds) {
        if (folds < 2 || folds >= count) {
            throw new IllegalArgumentException(
                    "Splits.timeSeries: folds is %d for %d samples; use 2 to one less than the samples"
                            .formatted(folds, count));
        }
        int size = count / (folds + 1);
        return IntStream.range(0, folds)
                .map(fold -> count - (folds - fold) * size)
                .mapToObj(start ->
                        new Split(
                                IntStream.range(0, start).toArray(),
                                IntStream.range(start, start + size).toArray()))
                .toList();
    }

    /// {@return the place of the smallest number, the first of several}
    private static int smallest(int[] numbers) {
        int found = 0;
        for (int i = 1; i < numbers.length; i++) {
            found = numbers[i] < numbers[found] ? i : found;
        }
        return found;
    }

    /// {@return a split of the indices from 0 to before `count` that holds back a part of them}
    ///
    /// @param count how many samples there are
    /// @param key decides which sample goes where
    /// @param fraction how much is held back, between 0 and 1; the number of samples is rounded to the nearest
    /// @throws IllegalArgumentException if one of the parts would be empty
    public static Split holdOut(int count, double fraction, RandomKey key) {
        int heldCount = heldCount("Splits.holdOut", count, fraction);
        boolean[] held = new boolean[count];
        int[] order = key.permutation(count);
        for (int place = 0; place < heldCount; place++) {
            held[order[place]] = true;
        }
        return split(held);
    }

    /// {@return a stratified split that holds back a part of the samples}
    ///
    /// @param key decides which sample goes where
    /// @param labels the class of each sample
    /// @param fraction how much is held back, between 0 and 1; the number of samples is rounded to the nearest
    /// @throws IllegalArgumentException if one of the parts would be empty
    public static Split stratifiedHoldOut(long[] labels, double fraction, RandomKey key) {
        int heldCount = heldCount("Splits.stratifiedHoldOut", labels.length, fraction);
        List<int[]> classes = classes(labels);
        int[] shares = shares(classes, labels.length, heldCount);
        boolean[] held = new boolean[labels.length];
        for (int k = 0; k < shares.length; k++) {
            int[] members = classes.get(k);
            int[] order = key.fold(labels[members[0]]).permutation(members.length);
            for (int place = 0; place < shares[k]; place++) {
                held[members[order[place]]] = true;
            }
        }
        return split(held);
    }

    /// Exact shares rounded down; what is left goes to the classes that lost most by that, smaller labels first.
    private static int[] shares(List<int[]> classes, int count, int heldCount) {
        int[] shares = new int[classes.size()];
        long[] remainders = new long[shares.length];
        int left = heldCount;
        for (int k = 0; k < shares.length; k++) {
            long exact = (long) classes.get(k).length * heldCount; // in units of 1/count
            shares[k] = (int) (exact / count);
            remainders[k] = exact % count;
            left -= shares[k];
        }
        List<Integer> byRemainder = new ArrayList<>();
        for (int k = 0; k < shares.length; k++) {
            byRemainder.add(k);
        }
        byRemainder.sort(Comparator.comparingLong((Integer k) -> -remainders[k]));
        for (int k : byRemainder.subList(0, left)) {
            shares[k]++;
        }
        return shares;
    }

    private static int heldCount(String where, int count, double fraction) {
        int held = fraction > 0 && fraction < 1 ? (int) Math.round(count * fraction) : 0;
        if (held == 0 || held == count) {
            throw new IllegalArgumentException(
                    "%s: fraction is %s of %d samples; both parts need at least one sample"
                            .formatted(where, fraction, count));
        }
        return held;
    }

    /// {@return the indices of each class, ascending, in the order of the labels}
    private static List<int[]> classes(long[] labels) {
        SortedMap<Long, IntStream.Builder> found = new TreeMap<>();
        for (int i = 0; i < labels.length; i++) {
            found.computeIfAbsent(labels[i], _ -> IntStream.builder()).add(i);
        }
        return found.values().stream().map(members -> members.build().toArray()).toList();
    }

    private static List<Split> heldInTurn(int[] foldOf, int folds) {
        List<Split> splits = new ArrayList<>(folds);
        for (int fold = 0; fold < folds; fold++) {
            boolean[] held = new boolean[foldOf.length];
            for (int i = 0; i < held.length; i++) {
                held[i] = foldOf[i] == fold;
            }
            splits.add(split(held));
        }
        return List.copyOf(splits);
    }

    private static Split split(boolean[] held) {
        return new Split(
                IntStream.range(0, held.length).filter(i -> !held[i]).toArray(),
                IntStream.range(0, held.length).filter(i -> held[i]).toArray());
    }
}
