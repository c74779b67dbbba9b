package loops.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a loop is and does, and all below it: made by [Loop#explain], to be read or drawn.
///
/// @param name the name of its place; empty for a loop that stands in none
/// @param type the name of its class
/// @param input the type it works on
/// @param output the type it returns
/// @param parts what it declares beside its children, in order
/// @param methods what it fills in of a loop's methods, in the order in which a run calls them
/// @param children the loops below, in the order of their declaration
public record Explanation(
        String name,
        String type,
        String input,
        String output,
        List<Declared> parts,
        List<Filled> methods,
        List<Explanation> children) {

    /// The methods of a loop in the order of a run.
    private static final List<String> METHODS =
            List.of(
                    "skip",
                    "onSkip",
                    "reset",
                    "onResume",
                    "onRunStart",
                    "done",
                    "onAdvanceStart",
                    "advance",
                    "onAdvanceEnd",
                    "onRunEnd");

    /// Copies the lists.
    public Explanation {
        parts = List.copyOf(parts);
        methods = List.copyOf(methods);
        children = List.copyOf(children);
    }

    /// Something that a loop declares.
    ///
    /// @param name its key in the state dict, or its name if it has no state
    /// @param kind what it is: `cell of a whole number`
    public record Declared(String name, String kind) {
        @Override
        public String toString() {
            return name + ": " + kind;
        }
    }

    /// A method that a loop fills in.
    ///
    /// @param name the name of the method
    /// @param calls the hooks and children that it calls, in order, as [Loop#hookOrder] says
    public record Filled(String name, List<Call> calls) {
        /// Copies the list.
        public Filled {
            calls = List.copyOf(calls);
        }

        @Override
        public String toString() {
            return name + "()" + (calls.isEmpty() ? "" : ": " + Call.text(calls));
        }
    }

    static Explanation of(Loop<?, ?> loop) {
        var types = LoopTypes.of(loop.getClass());
        var order = loop.hookOrder();
        var filled = new ArrayList<Filled>();
        for (String method : METHODS) {
            var calls = order.of(method);
            calls.forEach(call -> requireChild(loop, method, call));
            if (!calls.isEmpty() || fills(loop.getClass(), method)) {
                filled.add(new Filled(method, calls));
            }
        }
        return new Explanation(
                loop.name(),
                loop.kind(),
                types.input(),
                types.output(),
                loop.parts.explained(),
                filled,
                loop.slots().stream().map(Explanation::of).toList());
    }

    private static Explanation of(Slot<?, ?> slot) {
        return of(slot.get());
    }

    private static boolean fills(Class<?> type, String method) {
        return type != Loop.class
                && (Arrays.stream(type.getDeclaredMethods())
                                .anyMatch(found ->
                                        found.getName().equals(method)
                                                && found.getParameterCount() == 1)
                        || fills(type.getSuperclass(), method));
    }

    private static void requireChild(Loop<?, ?> loop, String method, Call call) {
        switch (call) {
            case Call.ToHook _ -> {}
            case Call.ToChild(String child) -> {
                var names = loop.slots().stream().map(Slot::name).toList();
                if (!names.contains(child)) {
                    throw new IllegalArgumentException(
                            "explain: %s runs '%s' in %s, as its hookOrder() says, and has the children %s; name one of them"
                                    .formatted(loop.where(), child, method, names));
                }
            }
            case Call.When(_, List<Call> inner) ->
                    inner.forEach(below -> requireChild(loop, method, below));
            case Call.Each(_, List<Call> inner) ->
                    inner.forEach(below -> requireChild(loop, method, below));
        }
    }

    /// {@return the tree for a terminal, indented by depth: of each loop its types, its parts with their keys in the
    /// state dict, its methods with what they call, and its children}
    public String text() {
        var lines = new StringBuilder();
        write("", lines);
        return lines.toString();
    }

    private void write(String indent, StringBuilder lines) {
        lines.append("%s%s, %s → %s\n".formatted(indent, title(), input, output));
        parts.forEach(part -> lines.append("%s  %s\n".formatted(indent, part)));
        methods.forEach(method -> lines.append("%s  %s\n".formatted(indent, method)));
        children.forEach(child -> child.write(indent + "  ", lines));
    }

    /// {@return the tree as a flow chart for [Mermaid](https://mermaid.js.org)}
    public String mermaid() {
        return MermaidChart.of(this);
    }

    /// {@return which method of which loop calls what, in order, as a table in Markdown}
    public String hookTable() {
        var rows = new StringBuilder("| loop | method | calls, in order |\n|---|---|---|\n");
        tabulate(name.isEmpty() ? type : name, rows);
        return rows.toString();
    }

    private void tabulate(String path, StringBuilder rows) {
        for (Filled method : methods) {
            if (!method.calls.isEmpty()) {
                rows.append(
                        "| `%s` | `%s` | %s |\n"
                                .formatted(path, method.name, Call.text(method.calls)));
            }
        }
        children.forEach(child -> child.tabulate(path + "." + child.name, rows));
    }

    /// {@return the name with the class: `epoch_loop: TrainingEpochLoop`}
    String title() {
        return name.isEmpty() ? type : name + ": " + type;
    }

    /// {@return the text}
    @Override
    public String toString() {
        return text();
    }
}
