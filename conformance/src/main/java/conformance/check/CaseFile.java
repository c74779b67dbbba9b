package conformance.check;

import conformance.json.Json;
import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import conformance.json.Json.Text;
import conformance.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads the cases of a file: a JSON list, one object a case.
public final class CaseFile {
    private static final Set<String> FIELDS =
            Set.of("id", "source", "area", "origin", "setup", "expect", "notes", "also_in");

    private CaseFile() {}

    /// {@return the cases of a file, in their order}
    ///
    /// @param file a case file
    /// @throws IllegalArgumentException if the file is not a list of cases
    /// @throws IOException if the file cannot be read
    public static List<Case> read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /// {@return the cases of a text}
    ///
    /// @param text what a case file holds
    /// @throws IllegalArgumentException if the text is not a list of cases
    public static List<Case> parse(String text) {
        if (!(JsonText.read(text) instanceof Items(var values))) {
            throw new IllegalArgumentException("a case file is a JSON list, one object a case");
        }
        var cases = new ArrayList<Case>();
        var ids = new HashSet<String>();
        for (Json value : values) {
            var made = one(value, cases.size());
            if (!ids.add(made.id())) {
                throw new IllegalArgumentException("two cases have the id '" + made.id() + "'");
            }
            cases.add(made);
        }
        return cases;
    }

    private static Case one(Json value, int place) {
        String where = "case %d".formatted(place);
        if (!(value instanceof Fields fields)) {
            throw new IllegalArgumentException(where + " is " + value + ", needs to be an object");
        }
        String id = text(fields, "id", where);
        for (String name : fields.entries().keySet()) {
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException(
                        "case '%s' has a field '%s'; known fields: %s"
                                .formatted(id, name, FIELDS.stream().sorted().toList()));
            }
        }
        return new Case(
                id,
                text(fields, "area", where),
                fields.get("source").map(CaseFile::plain).orElse(""),
                object(fields, "setup", id),
                object(fields, "expect", id));
    }

    private static String text(Fields fields, String name, String where) {
        if (fields.get(name).orElse(null) instanceof Text(String value)) {
            return value;
        }
        throw new IllegalArgumentException("%s has no text '%s'".formatted(where, name));
    }

    private static String plain(Json value) {
        return value instanceof Text(String text) ? text : value.toString();
    }

    private static Fields object(Fields fields, String name, String id) {
        if (fields.get(name).orElse(null) instanceof Fields value) {
            return value;
        }
        throw new IllegalArgumentException("case '%s' has no object '%s'".formatted(id, name));
    }
}
