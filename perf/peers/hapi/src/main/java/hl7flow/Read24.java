package hl7flow;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads 24 values of each message of a file with HAPI and says how fast. The values, the checksum
 * and the protocol on stdin and stdout are those of perf/README.md, the same for every peer.
 *
 * <p>Usage: Read24 FILE [--reader generic|typed|terser|preparser] [--serve]
 */
public final class Read24 {
  private static final int WARM_UP_SECONDS = 8;
  private static final int PASSES = 5;

  /** The messages as text, and which of them count for the checksum. */
  private record Input(List<String> messages, boolean[] counted) {
    /**
     * Read as ISO 8859-1: one character a byte, so lengths are bytes, and the form that Java
     * keeps in the least memory and reads fastest.
     */
    static Input read(Path file) throws Exception {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      List<String> messages = new ArrayList<>();
      for (int begin = 0; begin < text.length(); ) {
        int next = text.indexOf("\rMSH|", begin);
        int end = next < 0 ? text.length() : next + 1;
        messages.add(text.substring(begin, end));
        begin = end;
      }
      boolean[] counted = new boolean[messages.size()];
      for (int i = 0; i < counted.length; ++i) counted[i] = messages.get(i).indexOf('\\', 9) < 0;
      return new Input(messages, counted);
    }
  }

  private record Pass(double seconds, long values, long bytes) {
    String json(String reader, int messages) {
      return String.format(Locale.ROOT,
          "{\"reader\": \"%s\", \"messages\": %d, \"seconds\": %.6f, \"messages_per_second\": %.1f,"
              + " \"checksum\": \"%d:%d\"}",
          reader, messages, seconds, messages / seconds, values, bytes);
    }
  }

  private static Pass pass(Input input, Reader reader) throws Exception {
    String[] values = new String[Reader.VALUES];
    long count = 0;
    long bytes = 0;
    long begin = System.nanoTime();
    for (int i = 0; i < input.counted.length; ++i) {
      reader.read(input.messages.get(i), values);
      if (!input.counted[i]) continue;
      for (String value : values) {
        if (value == null || value.isEmpty()) continue;
        ++count;
        bytes += value.length();
      }
    }
    return new Pass((System.nanoTime() - begin) / 1e9, count, bytes);
  }

  public static void main(String[] arguments) throws Exception {
    List<String> rest = new ArrayList<>(Arrays.asList(arguments));
    boolean serve = rest.remove("--serve");
    int at = rest.indexOf("--reader");
    String name = at < 0 ? "generic" : rest.get(at + 1);
    Input input = Input.read(Path.of(rest.get(0)));
    Reader reader = Reader.named(name);

    long warm = System.nanoTime() + WARM_UP_SECONDS * 1_000_000_000L;
    do {
      pass(input, reader);
    } while (System.nanoTime() < warm);

    int messages = input.messages.size();
    if (serve) {
      System.out.println("ready");
      BufferedReader requests = new BufferedReader(new InputStreamReader(System.in));
      while (requests.readLine() != null) System.out.println(pass(input, reader).json(name, messages));
      return;
    }
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < PASSES; ++i) passes.add(pass(input, reader));
    passes.sort((a, b) -> Double.compare(a.seconds, b.seconds));
    System.out.println(passes.get(PASSES / 2).json(name, messages));
  }
}
