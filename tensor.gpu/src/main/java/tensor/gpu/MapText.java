package tensor.gpu;

import tensor.spi.Program;

/// The kernel of a program without rows: one thread for each element.
final class MapText {
    private MapText() {}

    /// {@return the text of the kernel}
    static String of(String name, Program program, int inputs) {
        var text = new ProgramText(name, program, inputs);
        var steps = new StepText(program, "at_x%1$d");
        var body = new StringBuilder();
        body.append("LONG item = ITEM_ID;\nif (item >= domain.count) {\nreturn;\n}\n");
        body.append(text.places("item"));
        for (int step = 0; step < program.steps().size(); step++) {
            body.append(steps.declared(step));
        }
        for (int i = 0; i < program.outputs().size(); i++) {
            body.append("y%d[at_y%d] = v%d;\n".formatted(i, i, program.outputs().get(i).step()));
        }
        return text.kernel("", "", "", body.toString());
    }
}
