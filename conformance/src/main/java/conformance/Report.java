package conformance;

import conformance.Outcome.Status;
import conformance.check.Examined.Mutated;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts how cases ended, by area, and prints it.
final class Report {
    private final Map<String, Map<Status, Integer>> areas = new LinkedHashMap<>();
    private final List<String> survivors = new ArrayList<>();
    private final Map<Status, Integer> altered = new EnumMap<>(Status.class);
    private int replaced;

    /// Counts a case.
    void add(Outcome outcome) {
        areas.computeIfAbsent(outcome.subject().area(), area -> new EnumMap<>(Status.class))
                .merge(outcome.status(), 1, Integer::sum);
    }

    /// Counts what became of a case that holds when it was altered.
    void add(Outcome outcome, Mutated mutated) {
        altered.merge(outcome.status(), mutated.altered(), Integer::sum);
        replaced += mutated.replaced();
        mutated.survivors().forEach(line -> survivors.add(outcome.subject().id() + ": " + line));
    }

    /// {@return whether nothing failed and every alteration was noticed}
    boolean allWell() {
        return count(Status.FAILED) == 0 && survivors.isEmpty();
    }

    /// {@return the altered expectations that hold all the same, a line each}
    List<String> survivors() {
        return survivors;
    }

    private int count(Status status) {
        return areas.values().stream().mapToInt(counts -> counts.getOrDefault(status, 0)).sum();
    }

    /// Prints a line for each area and one for all.
    ///
    /// @param mutating whether to say how many alterations there were
    void print(PrintWriter out, boolean mutating) {
        survivors.forEach(line -> out.println("altered, yet it passes: " + line));
        areas.forEach((area, counts) -> out.println(area + ": " + line(counts)));
        if (mutating) {
            out.printf(
                    "mutations: %d altered, %d of deviations, %d replaced by rules, %d unnoticed%n",
                    altered.values().stream().mapToInt(Integer::intValue).sum(),
                    altered.getOrDefault(Status.DEVIATION, 0),
                    replaced,
                    survivors.size());
        }
        var all = new EnumMap<Status, Integer>(Status.class);
        for (Status status : Status.values()) {
            all.put(status, count(status));
        }
        out.println("conformance: " + line(all));
    }

    private static String line(Map<Status, Integer> counts) {
        var parts = new ArrayList<String>();
        for (Status status : Status.values()) {
            parts.add(counts.getOrDefault(status, 0) + " " + status);
        }
        return String.join(", ", parts);
    }

    /// Prints a case, what was observed of it and each difference.
    static void show(Outcome outcome, PrintWriter out) {
        var subject = outcome.subject();
        out.printf("%s (%s, %s)%n", subject.id(), subject.area(), subject.source());
        out.println("setup:    " + subject.setup());
        out.println("expect:   " + subject.expect());
        outcome.examined()
                .ifPresent(examined -> {
                    if (!outcome.rules().isEmpty()) {
                        out.println("instead:  " + examined.examined().expect());
                    }
                    examined.observed().ifPresent(seen -> out.println("observed: " + seen));
                    out.print(examined.trace());
                });
        outcome.problems().forEach(problem -> out.println("  " + problem));
        out.println(
                outcome.rules().isEmpty()
                        ? outcome.status().toString()
                        : outcome.status() + " by " + String.join(", ", outcome.rules()));
    }
}
