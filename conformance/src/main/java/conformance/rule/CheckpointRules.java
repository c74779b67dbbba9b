package conformance.rule;

import conformance.check.Case;
import conformance.json.Json;
import conformance.json.Json.Text;
import conformance.rule.Rule.Deviation;
import java.util.List;
import java.util.regex.Pattern;

/// Where checkpoints differ: their names are those of one folder each, and a fit that goes on from one has to say so.
final class CheckpointRules {
    private static final Pattern AGAIN = Pattern.compile("\\bfit\\b(?!\\()");

    private CheckpointRules() {}

    static List<Rule> all() {
        return List.of(
                new Deviation(
                        "F26", CheckpointRules::namesAFolder, CheckpointRules::withoutFolders),
                new Deviation(
                        "F28", CheckpointRules::fitsAgain, CheckpointRules::goingOnFromTheLast));
    }

    // ---- a second fit

    /// A fit that begins where the one before it has ended, without a word of a checkpoint.
    private static boolean fitsAgain(Case subject) {
        return subject.area().equals("checkpoint")
                && subject.setup().get("then").orElse(null) instanceof Text(String then)
                && AGAIN.matcher(then).find();
    }

    /// That it goes on has to be said.
    private static Case goingOnFromTheLast(Case subject) {
        return subject.with(
                subject.setup().changed("then", CheckpointRules::fromTheLast), subject.expect());
    }

    private static Json fromTheLast(Json then) {
        return then instanceof Text(String text)
                ? Json.of(AGAIN.matcher(text).replaceAll("fit(ckpt_path=last file)"))
                : then;
    }

    // ---- names

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
