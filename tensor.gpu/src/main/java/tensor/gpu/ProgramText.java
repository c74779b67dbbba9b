package tensor.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tensor.spi.Program;

/// What the kernels of all programs have in common: their arguments, and how they find the place of each operand.
final class ProgramText {
    private final String name;
    private final List<String> operands = new ArrayList<>();
    private final List<String> declarations = new ArrayList<>();

    /// @param name of the kernel
    /// @param inputs how many operands the program has
    ProgramText(String name, Program program, int inputs) {
        this.name = name;
        for (int i = 0; i < program.outputs().size(); i++) {
            String type = StepText.type(program, program.outputs().get(i));
            operands.add("y" + i);
            declarations.add("GLOBAL %s *RESTRICT y%d".formatted(type, i));
        }
        for (int i = 0; i < inputs; i++) {
            String type = StepText.type(program, i);
            operands.add("x" + i);
            declarations.add("GLOBAL const %s *RESTRICT x%d".formatted(type, i));
        }
    }

    /// {@return the text of the kernel}
    ///
    /// @param more arguments, before and after those of each operand
    String kernel(String qualifiers, String more, String moreOfEach, String body) {
        var head = new StringBuilder();
        head.append("KERNEL %svoid %s(GIVEN Domain domain%s".formatted(qualifiers, name, more));
        for (int i = 0; i < operands.size(); i++) {
            String operand = operands.get(i);
            head.append(
                    ",\n        %s, GIVEN Place place_%s".formatted(declarations.get(i), operand));
            head.append(moreOfEach.replace("OPERAND", operand));
        }
        return "%s) {\n%s}\n".formatted(head, body);
    }

    /// {@return lines that set the place of each operand}
    ///
    /// @param item the number of the element, or the row; it is changed
    String places(String item) {
        return each(name -> "LONG at_%s = place_%s.offset;\n".formatted(name, name))
                + "for (INT axis = (INT)domain.rank - 1; axis > 0; axis--) {\n"
                + "LONG next = %s / domain.size[axis];\n".formatted(item)
                + "LONG index = %s - next * domain.size[axis];\n".formatted(item)
                + "%s = next;\n".formatted(item)
                + each(name -> "at_%s += index * place_%s.stride[axis];\n".formatted(name, name))
                + "}\n"
                + each(name -> "at_%s += %s * place_%s.stride[0];\n".formatted(name, item, name));
    }

    /// {@return a text for each operand}
    String each(UnaryOperator<String> text) {
        return operands.stream().map(text).collect(Collectors.joining());
    }
}
