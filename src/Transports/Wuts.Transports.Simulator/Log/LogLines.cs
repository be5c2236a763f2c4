using Microsoft.Win32.SafeHandles;

namespace Wuts.Transports.Simulator.Log;

/// <summary>Walks over the whole lines of a part of a file. What follows the last line break is no line.</summary>
internal sealed class LogLines(SafeFileHandle file, long start, long end)
{
    private byte[] _buffer = new byte[64 * 1024];
    private long _bufferAt = start;
    private int _filled;
    private int _lineAt;
    private int _lineLength;

    /// <summary>The line, without its break. Valid until the next move.</summary>
    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_lineAt, _lineLength);

    /// <summary>Where the line begins in the file.</summary>
    public long Offset => _bufferAt + _lineAt;

    /// <summary>Where the next line begins, or the torn rest.</summary>
    public long NextOffset { get; private set; } = start;

    public bool MoveNext()
    {
        _lineAt = (int)(NextOffset - _bufferAt);
        while (true)
        {
            var length = _buffer.AsSpan(_lineAt, _filled - _lineAt).IndexOf((byte)'\n');
            if (length >= 0)
            {
                _lineLength = length;
                NextOffset = Offset + length + 1;
                return true;
            }

            if (!Fill())
            {
                return false;
            }
        }
    }

    private bool Fill()
    {
        if (_lineAt > 0)
        {
            _buffer.AsSpan(_lineAt, _filled - _lineAt).CopyTo(_buffer);
            _bufferAt += _lineAt;
            _filled -= _lineAt;
            _lineAt = 0;
        }
        else if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var wanted = (int)Math.Min(_buffer.Length - _filled, end - _bufferAt - _filled);
        var read = wanted <= 0 ? 0 : RandomAccess.Read(file, _buffer.AsSpan(_filled, wanted), _bufferAt + _filled);
        _filled += read;
        return read > 0;
    }
}
