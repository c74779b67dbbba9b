package loops.core.callback;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import loops.core.training.Callback;
import loops.core.training.RunView;
import tensor.api.Parameter;
import tensor.nn.Module;

/// Shows what a model is made of, when a fit begins.
///
/// ```text
///    part   kind        parameters
/// 0  net    Sequential       4,810
/// 1  net.0  Linear           4,160
/// 2  net.1  Linear             650
/// 4,810 learned + 0 frozen = 4,810 parameters, 0.019 MB
/// ```
///
/// Megabytes are millions of bytes.
public final class ModelSummary implements Callback {
    private final PrintWriter out;
    private final int depth;

    private ModelSummary(PrintWriter out, int depth) {
        this.out = out;
        this.depth = depth;
    }

    /// {@return a callback that shows the parts of the module}
    ///
    /// @param out where they are shown
    public static ModelSummary of(PrintWriter out) {
        return new ModelSummary(out, 1);
    }

    /// {@return this callback, showing the parts of parts too}
    ///
    /// @param levels how many levels of parts, from 1; -1 for all
    /// @throws IllegalArgumentException if it is none of them
    public ModelSummary depth(int levels) {
        checkDepth(levels);
        return new ModelSummary(out, levels);
    }

    private static void checkDepth(int levels) {
        if (levels < -1 || levels == 0) {
            throw new IllegalArgumentException(
                    "ModelSummary: depth is %d; use a number from 1, or -1 for all"
                            .formatted(levels));
        }
    }

    @Override
    public void onFitStart(RunView run) {
        out.print(table(run.module(), depth));
        out.flush();
    }

    /// {@return what a model is made of, as text}
    ///
    /// @param module the model, whose parameters have values
    /// @param depth how many levels of parts, from 1; -1 for all
    /// @throws IllegalArgumentException if the depth is none of them
    public static String table(Module module, int depth) {
        checkDepth(depth);
        var rows = new ArrayList<Row>();
        collect("", module, depth, rows);
        var text = new StringBuilder();
        if (!rows.isEmpty()) {
            var columns =
                    List.of(
                            column("", index(rows), false),
                            column("part", rows.stream().map(Row::part), true),
                            column("kind", rows.stream().map(Row::kind), true),
                            column("parameters", rows.stream().map(Row::count), false));
            for (int i = 0; i <= rows.size(); i++) {
                int line = i;
                var cells = columns.stream().map(column -> column.get(line)).toList();
                text.append(String.join("  ", cells).stripTrailing()).append('\n');
            }
        }
        return text.append(totals(module)).append('\n').toString();
    }

    private record Row(String part, String kind, String count) {}

    private static void collect(String prefix, Module module, int depth, List<Row> rows) {
        if (depth == 0) {
            return;
        }
        module.children()
                .forEach((name, child) -> {
                    String kind = child.getClass().getSimpleName();
                    String count = number(count(child.parameters(), parameter -> true));
                    rows.add(new Row(prefix + name, kind, count));
                    collect(prefix + name + ".", child, depth - 1, rows);
                });
    }

    private static Stream<String> index(List<Row> rows) {
        return IntStream.range(0, rows.size()).mapToObj(Integer::toString);
    }

    /// {@return a column with its head, all cells of one width}
    private static List<String> column(String head, Stream<String> cells, boolean left) {
        var all = Stream.concat(Stream.of(head), cells).toList();
        int width = all.stream().mapToInt(String::length).max().orElse(0);
        return all.stream()
                .map(cell -> {
                    String space = " ".repeat(width - cell.length());
                    return left ? cell + space : space + cell;
                })
                .toList();
    }

    private static String totals(Module module) {
        var parameters = module.parameters();
        long learned = count(parameters, Parameter::requiresGrad);
        long all = count(parameters, parameter -> true);
        long bytes =
                parameters.stream()
                        .map(Parameter::value)
                        .mapToLong(value -> value.elementCount() * value.dtype().byteSize())
                        .sum();
        return String.format(
                Locale.ROOT,
                "%,d learned + %,d frozen = %,d parameters, %.3f MB",
                learned,
                all - learned,
                all,
                bytes / 1e6);
    }

    private static long count(List<Parameter> parameters, Predicate<Parameter> counted) {
        return parameters.stream()
                .filter(counted)
                .mapToLong(parameter -> parameter.shape().elementCount())
                .sum();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
