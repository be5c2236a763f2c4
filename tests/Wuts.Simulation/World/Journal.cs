using System.Globalization;
using System.Text;

namespace Wuts.Simulation.World;

/// <summary>What happened in a world, line by line. Two runs of one seed write the same, byte for byte.</summary>
public sealed class Journal(Orleans.InProcess.Simulation.Simulation simulation)
{
    private readonly StringBuilder _lines = new();

    public void Write(string who, string what)
    {
        var elapsed = simulation.Elapsed;
        _lines.Append(CultureInfo.InvariantCulture, $"{simulation.Step,8} {elapsed.Days}d {elapsed:hh\\:mm\\:ss\\.ffffff} {who}: {what}\n");
    }

    public override string ToString() => _lines.ToString();
}
