using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Wuts.Transports.Simulator.Log;

/// <summary>The log's file: JSON lines, numbered without gaps, appended only. One process at a time, one writer.</summary>
internal sealed class LogFile : IDisposable
{
    public const string FileName = "network.log.jsonl";
    private const string LockName = "network.lock";

    // A page is found from the nearest noted line before it; so a note every few hundred lines is near enough.
    private const int Stride = 256;

    // Kept apart from the log, so that people and tests may read the log while it is written.
    private readonly FileStream _lock;
    private readonly SafeFileHandle _file;
    private readonly Lock _gate = new();
    private readonly List<long> _offsets = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private long _length;
    private long _lastSeq;

    /// <exception cref="IOException">Another process has this folder.</exception>
    public LogFile(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            _lock = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"The simulator's folder {folder} is in use by another process, or cannot be written.", e);
        }

        _file = File.OpenHandle(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public long LastSeq
    {
        get
        {
            lock (_gate)
            {
                return _lastSeq;
            }
        }
    }

    /// <summary>Gives every line, in order, once, before anything is appended. A torn last line, as a crash leaves it, is cut off.</summary>
    /// <exception cref="InvalidDataException">A line that is not the last is damaged.</exception>
    public void Replay(Action<LogEntry> apply)
    {
        var size = RandomAccess.GetLength(_file);
        var lines = new LogLines(_file, 0, size);
        while (lines.MoveNext())
        {
            if (Parse(lines.Current) is not { } entry || entry.Seq != _lastSeq + 1)
            {
                if (lines.NextOffset == size)
                {
                    break;
                }

                throw new InvalidDataException($"Line {_lastSeq + 1} of the simulator's {FileName} is damaged.");
            }

            Note(entry.Seq, lines.Offset);
            _lastSeq = entry.Seq;
            _length = lines.NextOffset;
            apply(entry);
        }

        if (_length < size)
        {
            RandomAccess.SetLength(_file, _length);
        }
    }

    /// <summary>Hands lines to the operating system: from when this returns, the end of this process does not lose them.</summary>
    public void Append(List<LogEntry> entries)
    {
        _buffer.ResetWrittenCount();
        var starts = new List<(long Seq, long Offset)>();
        foreach (var entry in entries)
        {
            if (entry.Seq % Stride == 1)
            {
                starts.Add((entry.Seq, _length + _buffer.WrittenCount));
            }

            _json.Reset();
            JsonSerializer.Serialize(_json, entry, LogJson.Default.LogEntry);
            _buffer.GetSpan(1)[0] = (byte)'\n';
            _buffer.Advance(1);
        }

        RandomAccess.Write(_file, _buffer.WrittenSpan, _length);
        lock (_gate)
        {
            starts.ForEach(s => Note(s.Seq, s.Offset));
            _length += _buffer.WrittenCount;
            _lastSeq = entries[^1].Seq;
        }
    }

    /// <summary>Reads lines after a number, without their secrets. Looks at <paramref name="scan"/> lines at most.</summary>
    public LogPage Read(long after, int limit, int scan, Func<LogEntry, bool> wanted)
    {
        long start, end, last;
        lock (_gate)
        {
            last = _lastSeq;
            if (after >= last)
            {
                return new LogPage([], after, last);
            }

            start = _offsets[(int)(after / Stride)];
            end = _length;
        }

        var found = new List<LogEntry>();
        var next = after;
        var lines = new LogLines(_file, start, end);
        for (var looked = 0; looked < scan && found.Count < limit && lines.MoveNext();)
        {
            var entry = Parse(lines.Current)!;
            if (entry.Seq <= after)
            {
                continue;
            }

            looked++;
            next = entry.Seq;
            if (wanted(entry))
            {
                found.Add(entry with { Secret = null });
            }
        }

        return new LogPage([.. found], next, last);
    }

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
        _lock.Dispose();
    }

    private static LogEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LogJson.Default.LogEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Note(long seq, long offset)
    {
        if (seq % Stride == 1)
        {
            _offsets.Add(offset);
        }
    }
}
