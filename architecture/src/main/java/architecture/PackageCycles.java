package architecture;

import java.lang.classfile.ClassModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Finds packages of one module that need each other, directly or over others.
final class PackageCycles {
    /// For each package the packages that it needs, each with the reference that says so.
    private final SortedMap<String, SortedMap<String, String>> needs = new TreeMap<>();

    private PackageCycles(CompiledModule module) {
        for (var type : module.classes()) {
            needs.computeIfAbsent(packageOf(type), _ -> new TreeMap<>());
        }
        for (var type : module.classes()) {
            for (String name : References.of(type)) {
                String to = References.packageOf(name);
                if (needs.containsKey(to) && !to.equals(packageOf(type))) {
                    edges(packageOf(type)).putIfAbsent(to, References.nameOf(type) + " -> " + name);
                }
            }
        }
    }

    /// {@return a line for the shortest cycle, with a reference for each of its steps; nothing if there is none}
    static List<String> of(CompiledModule module) {
        var graph = new PackageCycles(module);
        return graph.needs.keySet().stream()
                .flatMap(start -> graph.shortestWayBack(start).stream())
                .min((a, b) -> Integer.compare(a.size(), b.size()))
                .map(cycle ->
                        List.of(
                                module.name()
                                        + ": packages in a cycle: "
                                        + String.join(", ", cycle)))
                .orElse(List.of());
    }

    /// Breadth first, so the first way found is the shortest.
    private Optional<List<String>> shortestWayBack(String start) {
        var reached = new TreeMap<String, List<String>>();
        var queue = new ArrayList<String>(List.of(start));
        for (int i = 0; i < queue.size(); i++) {
            String from = queue.get(i);
            for (Map.Entry<String, String> edge : edges(from).entrySet()) {
                var way = new ArrayList<>(reached.getOrDefault(from, List.of()));
                way.add(edge.getValue());
                if (edge.getKey().equals(start)) {
                    return Optional.of(way);
                }
                if (reached.putIfAbsent(edge.getKey(), way) == null) {
                    queue.add(edge.getKey());
                }
            }
        }
        return Optional.empty();
    }

    private SortedMap<String, String> edges(String from) {
        return needs.computeIfAbsent(from, _ -> new TreeMap<>());
    }

    private static String packageOf(ClassModel type) {
        return References.packageOf(References.nameOf(type));
    }
}
