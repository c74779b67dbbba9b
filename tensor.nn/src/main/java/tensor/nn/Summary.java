package tensor.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tensor.api.Parameter;

/// What a module is made of, as a table.
final class Summary {
    private record Row(String part, String kind, String shape, String elements) {
        List<String> cells() {
            return List.of(part, kind, shape, elements);
        }
    }

    private final List<Row> rows = new ArrayList<>();

    private Summary() {}

    static String of(Module module) {
        var summary = new Summary();
        summary.rows.add(new Row("part", "kind", "shape", "elements"));
        summary.add(module, "");
        var text = new StringBuilder();
        for (Row row : summary.rows) {
            text.append(summary.line(row)).append('\n');
        }
        return text.append(totals(module)).append('\n').toString();
    }

    private void add(Module module, String indent) {
        module.ownParameters()
                .forEach((name, it) -> {
                    String kind = it.requiresGrad() ? "parameter" : "frozen";
                    String count = number(it.shape().elementCount());
                    rows.add(new Row(indent + name, kind, it.shape().toString(), count));
                });
        module.ownBuffers()
                .forEach((name, it) -> {
                    String count = number(it.shape().elementCount());
                    rows.add(new Row(indent + name, "buffer", it.shape().toString(), count));
                });
        module.children()
                .forEach((name, child) -> {
                    String kind = child.getClass().getSimpleName();
                    rows.add(new Row(indent + name, kind, "", number(parameters(child))));
                    add(child, indent + "  ");
                });
    }

    /// Numbers stand at the right of their column, all else at the left.
    private String line(Row row) {
        var line = new StringBuilder();
        int columns = row.cells().size();
        for (int column = 0; column < columns; column++) {
            int at = column;
            String cell = row.cells().get(column);
            int width =
                    rows.stream().mapToInt(each -> each.cells().get(at).length()).max().orElse(0);
            String space = " ".repeat(width - cell.length());
            line.append(column == columns - 1 ? space + cell : cell + space + "  ");
        }
        return line.toString().stripTrailing();
    }

    private static String totals(Module module) {
        long all = parameters(module);
        long frozen =
                module.parameters().stream()
                        .filter(parameter -> !parameter.requiresGrad())
                        .mapToLong(parameter -> parameter.shape().elementCount())
                        .sum();
        long inBuffers =
                module.namedBuffers().values().stream()
                        .mapToLong(buffer -> buffer.shape().elementCount())
                        .sum();
        String learned = frozen == 0 ? "all learned" : number(frozen) + " of them frozen";
        String buffers =
                inBuffers == 0 ? "" : "; %s elements in buffers".formatted(number(inBuffers));
        return "%s parameters, %s%s".formatted(number(all), learned, buffers);
    }

    private static long parameters(Module module) {
        return module.parameters().stream()
                .map(Parameter::shape)
                .mapToLong(shape -> shape.elementCount())
                .sum();
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
