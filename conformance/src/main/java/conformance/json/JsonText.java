package conformance.json;

import conformance.json.Json.Fields;
import conformance.json.Json.Items;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON text.
public final class JsonText {
    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    private JsonText() {}

    /// {@return the value that the text stands for}
    ///
    /// @param text one JSON value
    /// @throws IllegalArgumentException if the text is not JSON, goes on after the value, or names a field twice
    public static Json read(String text) {
        try (JsonParser in = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            var value = value(in, in.nextToken());
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("not JSON: the text goes on after its value");
            }
            return value;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    private static Json value(JsonParser in, @org.jspecify.annotations.Nullable JsonToken token) {
        if (token == null) {
            throw new IllegalArgumentException("not JSON: the text ends too early");
        }
        return switch (token) {
            case VALUE_NULL -> new Json.Null();
            case VALUE_TRUE, VALUE_FALSE -> new Json.Flag(in.getBooleanValue());
            case VALUE_NUMBER_INT -> new Json.Whole(in.getLongValue());
            case VALUE_NUMBER_FLOAT -> new Json.Real(in.getDoubleValue());
            case VALUE_STRING -> new Json.Text(in.getString());
            case START_ARRAY -> items(in);
            case START_OBJECT -> fields(in);
            default -> throw new IllegalArgumentException("not JSON: " + token);
        };
    }

    private static Items items(JsonParser in) {
        var values = new ArrayList<Json>();
        for (var token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
            values.add(value(in, token));
        }
        return new Items(values);
    }

    private static Fields fields(JsonParser in) {
        var entries = new LinkedHashMap<String, Json>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            if (entries.put(name, value(in, in.nextToken())) != null) {
                throw new IllegalArgumentException(
                        "not JSON: the field '" + name + "' stands twice");
            }
        }
        return new Fields(entries);
    }
}
