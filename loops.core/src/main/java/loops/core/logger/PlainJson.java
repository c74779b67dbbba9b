package loops.core.logger;

import java.io.StringWriter;
import loops.api.LoopState;
import loops.api.LoopState.Data;
import loops.api.LoopState.Fields;
import loops.api.LoopState.Flag;
import loops.api.LoopState.Items;
import loops.api.LoopState.Num;
import loops.api.LoopState.Real;
import loops.api.LoopState.Text;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Values as JSON text for people, an entry a line. Infinities and NaN are written as texts, an array as its type and
/// shape.
final class PlainJson {
    private static final JsonFactory JSON = JsonFactory.builder().build();

    private PlainJson() {}

    /// {@return the text, with a line break at its end}
    static String write(Fields values) {
        var text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(new Indented(), text)) {
            write(values, out);
        }
        return text.append('\n').toString();
    }

    /// Lines are separated as on any machine.
    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }
    }

    private static void write(LoopState value, JsonGenerator out) {
        switch (value) {
            case Num(long number) -> out.writeNumber(number);
            case Real(double number) when Double.isFinite(number) -> out.writeNumber(number);
            case Real(double number) -> out.writeString(Double.toString(number));
            case Text(String text) -> out.writeString(text);
            case Flag(boolean flag) -> out.writeBoolean(flag);
            case Data array -> out.writeString(array.toString());
            case Items(var values) -> {
                out.writeStartArray();
                values.forEach(item -> write(item, out));
                out.writeEndArray();
            }
            case Fields(var entries) -> {
                out.writeStartObject();
                entries.forEach((name, entry) -> {
                    out.writeName(name);
                    write(entry, out);
                });
                out.writeEndObject();
            }
        }
    }
}
