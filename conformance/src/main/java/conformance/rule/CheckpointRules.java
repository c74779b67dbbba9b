package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import java.util.List;

/// Where checkpoints differ: their names are those of one folder each.
final class CheckpointRules {
    private CheckpointRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F26", CheckpointRules::namesAFolder, CheckpointRules::withoutFolders));
    }

    private static boolean namesAFolder(Case subject) {
        return subject.area().equals("checkpoint")
                && subject.expect().get("name").orElse(null) instanceof Text(String name)
                && name.contains("/");
    }

    private static Case withoutFolders(Case subject) {
        return subject.expecting(subject.expect().changed("name", CheckpointRules::plain));
    }

    private static Json plain(Json name) {
        return name instanceof Text(String text) ? Json.of(text.replace('/', '_')) : name;
    }
}
