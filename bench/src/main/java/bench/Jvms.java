package bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Runs a bench in fresh JVMs and takes the best of each side: how well a kernel is compiled differs from JVM to JVM.
final class Jvms {
    /// A child says `line`, a name, our time and that of the peer, between tabs.
    private static final String LINE = "line";

    private Jvms() {}

    /// Says an outcome so that the parent understands it.
    static void say(Contest.Outcome outcome) {
        System.out.printf(
                "%s\t%s\t%s\t%s\t%s%n",
                LINE,
                outcome.name(),
                outcome.ours(),
                outcome.peer().map(Object::toString).orElse("-"),
                outcome.ratio().map(Object::toString).orElse("-"));
    }

    /// {@return the outcomes of all JVMs: for each line the best times of each side, and the ratio of those}
    ///
    /// @param bench the command of [Main]
    /// @param options how it is run
    /// @param further options of this bench alone
    /// @param parts for each part of it that has JVMs of its own the options that choose it
    /// @throws IllegalStateException if a JVM fails
    static List<Contest.Outcome> run(
            String bench, ContestOptions options, List<String> further, List<List<String>> parts) {
        SequencedMap<String, List<Contest.Outcome>> all = new LinkedHashMap<>();
        int started = 0;
        for (int i = 0; i < options.jvms; i++) {
            for (List<String> part : parts) {
                System.err.printf(
                        "bench %s: JVM %d of %d%n", bench, ++started, options.jvms * parts.size());
                List<String> arguments = new ArrayList<>(further);
                arguments.addAll(part);
                for (Contest.Outcome outcome : child(bench, options, arguments)) {
                    all.computeIfAbsent(outcome.name(), _ -> new ArrayList<>()).add(outcome);
                }
            }
        }
        return all.values().stream().map(Jvms::best).toList();
    }

    private static Contest.Outcome best(List<Contest.Outcome> outcomes) {
        double ours = outcomes.stream().mapToDouble(Contest.Outcome::ours).min().orElseThrow();
        Optional<Double> peer =
                outcomes.stream()
                        .map(Contest.Outcome::peer)
                        .flatMap(Optional::stream)
                        .min(Double::compare);
        return new Contest.Outcome(
                outcomes.getFirst().name(), ours, peer, peer.map(time -> ours / time));
    }

    private static List<Contest.Outcome> child(
            String bench, ContestOptions options, List<String> further) {
        List<String> arguments = new ArrayList<>(further);
        arguments.add("--rounds=" + options.rounds);
        return ChildJvm.lines(bench, options.bench, arguments).stream()
                .flatMap(line -> parsed(line).stream())
                .toList();
    }

    private static Optional<Contest.Outcome> parsed(String line) {
        List<String> fields = List.of(line.split("\t", -1));
        if (fields.size() != 5 || !fields.getFirst().equals(LINE)) {
            return Optional.empty();
        }
        return Optional.of(
                new Contest.Outcome(
                        fields.get(1),
                        Double.parseDouble(fields.get(2)),
                        number(fields.get(3)),
                        number(fields.get(4))));
    }

    private static Optional<Double> number(String text) {
        return text.equals("-") ? Optional.empty() : Optional.of(Double.valueOf(text));
    }
}
