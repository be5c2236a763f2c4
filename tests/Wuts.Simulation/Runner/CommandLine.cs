using System.Globalization;
using System.Security.Cryptography;
using Orleans.InProcess.Simulation;
using Wuts.Simulation.Variants;

namespace Wuts.Simulation.Runner;

/// <summary>The command line of the simulation. Exit code 1: a promise was broken, or a broken variant was not caught.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int Misused = 2;

    public static int Run(string[] args) => Order.Parse(args) switch
    {
        Order.LongRun(var seeds, var from, var variant) => RunMany(seeds, from ?? RandomNumberGenerator.GetInt32(1, int.MaxValue - seeds), variant),
        Order.OneRun(var replay, var journalFile) => RunOne(replay, journalFile),
        Order.EveryVariant => RunVariants(),
        Order.Misused(var problem) => Refuse(problem),
        _ => WriteHelp(),
    };

    private static int RunMany(int seeds, int from, Variant variant)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seeds:N0} seeds from {from}"));
        var runner = new SeedRunner(variant, Environment.ProcessorCount, new());
        var tally = runner.Run(from, seeds, report: static soFar => Console.WriteLine(TallyText.Progress(soFar)));
        Console.WriteLine(TallyText.Total(tally));
        foreach (var finding in tally.Findings)
        {
            Console.WriteLine(FailureReport.Of(finding));
        }

        return tally.Findings.IsEmpty ? 0 : Failed;
    }

    private static int RunOne(Replay replay, string? journalFile)
    {
        var watch = new ThreadPoolWatch();
        try
        {
            var outcome = replay.Run();
            watch.ThrowIfUsed();
            if (journalFile is not null)
            {
                File.WriteAllText(journalFile, outcome.Journal);
            }

            Console.WriteLine(FailureReport.Of(outcome));
            return outcome.Violations.IsEmpty ? 0 : Failed;
        }
        catch (SimulationException exception)
        {
            Console.WriteLine(FailureReport.Of(new Finding.Broken(replay, exception)));
            return Failed;
        }
    }

    private static int RunVariants()
    {
        var catches = VariantHunt.HuntAll(BrokenVariants.All, Environment.ProcessorCount, static c => Console.Error.WriteLine(VariantHunt.Line(c)));
        Console.WriteLine(VariantHunt.Table(catches));
        return catches.All(c => c.Caught is not null) ? 0 : Failed;
    }

    private static int Refuse(string problem)
    {
        Console.Error.WriteLine($"simulate: {problem} See --help.");
        return Misused;
    }

    private static int WriteHelp()
    {
        Console.WriteLine(
            """
            Runs the whole product under a deterministic scheduler. A run is a function of its seed.

              --seeds N [--from SEED] [--variant NAME]    runs N seeds, fresh ones unless told from where
              --seed S [--faults LIST] [--variant NAME]   one run; with LIST, no other faults than these strike: kind:occasion,... or none
                       [--journal FILE]                   writes down what happened in it
              --variants                                  hunts every broken variant until it is caught
            """);
        return 0;
    }
}
