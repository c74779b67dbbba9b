package loops.api;

import java.util.ArrayList;
import java.util.List;

/// Draws an [Explanation] as a flow chart: a box for each loop, an arrow to each child with the methods that run it.
final class MermaidChart {
    private final StringBuilder lines = new StringBuilder("flowchart TD\n");
    private int boxes;

    private MermaidChart() {}

    static String of(Explanation explanation) {
        var chart = new MermaidChart();
        chart.draw(explanation);
        return chart.lines.toString();
    }

    /// {@return the number of the box}
    private int draw(Explanation loop) {
        int box = boxes++;
        var content = new ArrayList<String>();
        content.add("<b>" + escaped(loop.title()) + "</b>");
        content.add(escaped(loop.input() + " → " + loop.output()));
        loop.parts().forEach(part -> content.add(escaped(part.toString())));
        loop.methods().stream()
                .filter(method -> !method.calls().isEmpty())
                .forEach(method -> content.add(escaped(method.toString())));
        lines.append("  loop%d[\"%s\"]\n".formatted(box, String.join("<br/>", content)));
        for (Explanation child : loop.children()) {
            int below = draw(child);
            var runIn = methodsThatRun(child.name(), loop);
            lines.append(
                    runIn.isEmpty()
                            ? "  loop%d --> loop%d\n".formatted(box, below)
                            : "  loop%d -->|%s| loop%d\n"
                                    .formatted(box, String.join(", ", runIn), below));
        }
        return box;
    }

    private static List<String> methodsThatRun(String child, Explanation loop) {
        return loop.methods().stream()
                .filter(method -> method.calls().stream().anyMatch(call -> runs(call, child)))
                .map(Explanation.Filled::name)
                .toList();
    }

    private static boolean runs(Call call, String child) {
        return switch (call) {
            case Call.ToHook _ -> false;
            case Call.ToChild(String slot) -> slot.equals(child);
            case Call.When(_, List<Call> calls) -> calls.stream().anyMatch(c -> runs(c, child));
            case Call.Each(_, List<Call> calls) -> calls.stream().anyMatch(c -> runs(c, child));
        };
    }

    /// What Mermaid would read as its own is written by number.
    private static String escaped(String text) {
        return text.replace("#", "#35;")
                .replace("\"", "#34;")
                .replace("<", "#60;")
                .replace(">", "#62;");
    }
}
