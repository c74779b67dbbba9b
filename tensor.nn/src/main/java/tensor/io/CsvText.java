package tensor.io;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/// The text of a table, without the byte order mark by which some programs begin it.
///
/// It counts double quotes, all but those of lines at the start: they come in pairs, around a value, or two for one inside of it.
final class CsvText extends FilterReader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private int linesToSkip;
    private boolean atStart = true;
    private boolean afterReturn = false;
    private long quotes;

    CsvText(Reader in, int linesToSkip) {
        super(in);
        this.linesToSkip = linesToSkip;
    }

    /// {@return whether a quote was opened and not closed}
    boolean quoteOpen() {
        return quotes % 2 != 0;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        if (atStart && read > 0) {
            atStart = false;
            if (into[offset] == BYTE_ORDER_MARK) {
                read--;
                System.arraycopy(into, offset + 1, into, offset, read);
                return read > 0 ? seen(into, offset, read) : read(into, offset, length);
            }
        }
        return seen(into, offset, read);
    }

    private int seen(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            see(text[i]);
        }
        return length;
    }

    private void see(char character) {
        if (linesToSkip == 0 && character == '"') {
            quotes++;
        }
        // a line ends with \n, \r or both
        boolean ends = character == '\r' || (character == '\n' && !afterReturn);
        linesToSkip -= ends && linesToSkip > 0 ? 1 : 0;
        afterReturn = character == '\r';
    }
}
