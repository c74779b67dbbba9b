package loops.core.checkpoint;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import loops.api.LoopState;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Flag;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.api.LoopState.Real;
import loops.api.LoopState.Text;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A state as JSON text, with its arrays apart.
///
/// | state | JSON |
/// |---|---|
/// | whole number | a number without a point |
/// | real number | a number with a point or an exponent, shortest form that reads back to the same bits; `{"$real": "NaN"}` where JSON has none |
/// | array | `{"$tensor": "its path"}`; the array itself stands under that path in a tensor file |
/// | fields, list, text, flag | object, array, string, boolean; a name that begins with `$` gets another one |
final class StateJson {
    private static final String REAL = "$real";
    private static final String TENSOR = "$tensor";
    private static final JsonFactory JSON = JsonFactory.builder().build();

    private StateJson() {}

    /// {@return the text of a state}
    ///
    /// @param arrays gets the arrays by their paths
    static String write(Fields state, Map<String, Data> arrays) {
        var text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(state, "", out, arrays);
        }
        return text.toString();
    }

    private static void write(
            LoopState state, String path, JsonGenerator out, Map<String, Data> arrays) {
        switch (state) {
            case Num(long value) -> out.writeNumber(value);
            case Real(double value) -> writeReal(value, out);
            case Text(String value) -> out.writeString(value);
            case Flag(boolean value) -> out.writeBoolean(value);
            case Data array -> {
                String free = free(path, arrays);
                arrays.put(free, array);
                out.writeStartObject();
                out.writeStringProperty(TENSOR, free);
                out.writeEndObject();
            }
            case Items(var values) -> {
                out.writeStartArray();
                for (int i = 0; i < values.size(); i++) {
                    write(values.get(i), join(path, Integer.toString(i)), out, arrays);
                }
                out.writeEndArray();
            }
            case Fields(var entries) -> {
                out.writeStartObject();
                for (var entry : entries.entrySet()) {
                    String name = entry.getKey();
                    out.writeName(name.startsWith("$") ? "$" + name : name);
                    write(entry.getValue(), join(path, name), out, arrays);
                }
                out.writeEndObject();
            }
        }
    }

    private static void writeReal(double value, JsonGenerator out) {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeStartObject();
            out.writeStringProperty(REAL, Double.toString(value));
            out.writeEndObject();
        }
    }

    /// {@return the path, or a longer one if another array has it: names may hold points, so two paths can be alike}
    private static String free(String path, Map<String, Data> arrays) {
        String free = path;
        while (arrays.containsKey(free)) {
            free += "'";
        }
        return free;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// {@return the state of a text}
    ///
    /// @param arrays gives the arrays by their paths
    /// @throws IllegalArgumentException if the text is not the JSON of a state, or an array is missing
    static Fields read(String text, Map<String, Data> arrays) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
            in.nextToken();
            if (!(read(in, arrays) instanceof Fields fields)) {
                throw new IllegalArgumentException("a state begins with '{'");
            }
            return fields;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static LoopState read(JsonParser in, Map<String, Data> arrays) {
        JsonToken token = in.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("the text ends too early");
        }
        return switch (token) {
            case VALUE_NUMBER_INT -> new Num(in.getLongValue());
            case VALUE_NUMBER_FLOAT -> new Real(in.getDoubleValue());
            case VALUE_STRING -> new Text(in.getString());
            case VALUE_TRUE, VALUE_FALSE -> new Flag(in.getBooleanValue());
            case START_ARRAY -> {
                var values = new ArrayList<LoopState>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    values.add(read(in, arrays));
                }
                yield new Items(values);
            }
            case START_OBJECT -> readEntries(in, arrays);
            default -> throw new IllegalArgumentException("a state has no " + token);
        };
    }

    private static LoopState readEntries(JsonParser in, Map<String, Data> arrays) {
        SequencedMap<String, LoopState> entries = new LinkedHashMap<>();
        String special = null;
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            var value = read(in, arrays);
            if (name.equals(REAL) || name.equals(TENSOR)) {
                special = name;
            }
            entries.put(name.startsWith("$$") ? name.substring(1) : name, value);
        }
        if (special == null) {
            return new Fields(entries);
        }
        if (entries.size() != 1 || !(entries.get(special) instanceof Text(String value))) {
            throw new IllegalArgumentException("'%s' stands alone, with a text".formatted(special));
        }
        return special.equals(REAL) ? new Real(Double.parseDouble(value)) : array(value, arrays);
    }

    private static Data array(String path, Map<String, Data> arrays) {
        var array = arrays.get(path);
        if (array == null) {
            throw new IllegalArgumentException("no array '%s' in the tensor file".formatted(path));
        }
        return array;
    }
}
