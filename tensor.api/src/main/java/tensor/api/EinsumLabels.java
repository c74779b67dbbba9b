package tensor.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The names of axes in an equation such as `bij,bjk->bik`.
///
/// A letter is its own number; an axis that `...` stands for is −1 if it is the last of them, −2 before that, and so on.
final class EinsumLabels {
    private static final String DOTS = "...";

    private final String equation;
    private final List<List<Integer>> operands = new ArrayList<>();
    private final List<Integer> output;

    /// @param ranks of the operands
    private EinsumLabels(String equation, int[] ranks) {
        this.equation = equation;
        String text = equation.replace(" ", "");
        int arrow = text.indexOf("->");
        String[] terms = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
        if (text.lastIndexOf("->") != arrow || terms.length != ranks.length) {
            throw wrong("it has %d terms for %d tensors".formatted(terms.length, ranks.length));
        }
        int dots = 0;
        for (int i = 0; i < terms.length; i++) {
            List<Integer> names = names(terms[i], ranks[i]);
            dots = Math.max(dots, (int) names.stream().filter(name -> name < 0).count());
            operands.add(names);
        }
        output = arrow < 0 ? implied(dots) : asked(text.substring(arrow + 2), dots);
    }

    /// @throws IllegalArgumentException if the equation does not fit the ranks of the operands
    static EinsumLabels parse(String equation, int[] ranks) {
        return new EinsumLabels(equation, ranks);
    }

    List<Integer> operand(int i) {
        return operands.get(i);
    }

    List<Integer> output() {
        return output;
    }

    private List<Integer> names(String term, int rank) {
        int letters = term.replace(DOTS, "").length();
        boolean open = term.contains(DOTS);
        if (open ? letters > rank : letters != rank) {
            throw wrong(
                    "'%s' names %d axes of a tensor that has %d".formatted(term, letters, rank));
        }
        return names(term, open ? rank - letters : 0, "'" + term + "'");
    }

    private List<Integer> names(String term, int dots, String where) {
        List<Integer> names = new ArrayList<>();
        for (int i = 0; i < term.length(); i++) {
            if (term.startsWith(DOTS, i)) {
                for (int k = dots; k > 0; k--) {
                    names.add(-k);
                }
                i += DOTS.length() - 1;
            } else if (Character.isLetter(term.charAt(i))) {
                names.add((int) term.charAt(i));
            } else {
                throw wrong("'%s' in %s is no letter".formatted(term.charAt(i), where));
            }
        }
        return names;
    }

    private List<Integer> asked(String term, int dots) {
        List<Integer> names = names(term, dots, "the result");
        for (int name : names) {
            if (operands.stream().noneMatch(one -> one.contains(name))) {
                throw wrong("no tensor has the axis '%s' of the result".formatted(text(name)));
            }
            if (names.indexOf(name) != names.lastIndexOf(name)) {
                throw wrong("the result has the axis '%s' twice".formatted(text(name)));
            }
        }
        return names;
    }

    /// Without an arrow: what the dots stand for, then the letters that stand once, in the order of the alphabet.
    private List<Integer> implied(int dots) {
        Map<Integer, Integer> counts = new LinkedHashMap<>();
        operands.forEach(one -> one.forEach(name -> counts.merge(name, 1, Integer::sum)));
        List<Integer> names = new ArrayList<>();
        for (int k = dots; k > 0; k--) {
            names.add(-k);
        }
        counts.entrySet().stream()
                .filter(entry -> entry.getKey() > 0 && entry.getValue() == 1)
                .map(Map.Entry::getKey)
                .sorted()
                .forEach(names::add);
        return names;
    }

    /// {@return a name as it stands in the equation}
    static String text(int name) {
        return name < 0 ? DOTS : Character.toString(name);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("einsum: '%s': %s".formatted(equation, what));
    }

    @Override
    public String toString() {
        return equation;
    }
}
