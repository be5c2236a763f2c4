using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Wuts.Grains.Pacing;

/// <summary>What annotations cannot say of <see cref="PaceOptions"/>.</summary>
internal sealed class PaceOptionsValidator : IValidateOptions<PaceOptions>
{
    public ValidateOptionsResult Validate(string? name, PaceOptions options)
    {
        var wrong = new List<string>();
        foreach (var (profile, values) in options.Profiles)
        {
            var results = new List<ValidationResult>();
            Validator.TryValidateObject(values, new ValidationContext(values), results, validateAllProperties: true);
            wrong.AddRange(results.Select(result => $"{PaceOptions.Section}:Profiles:{profile}: {result.ErrorMessage}"));
            if (values.FloorPerMinute > values.CeilingPerMinute)
            {
                wrong.Add($"{PaceOptions.Section}:Profiles:{profile}: FloorPerMinute must not be above CeilingPerMinute.");
            }

            if (values.ShortestPause > values.LongestPause)
            {
                wrong.Add($"{PaceOptions.Section}:Profiles:{profile}: ShortestPause must not be above LongestPause.");
            }

            if (values.PauseEvery is > 0 and < 2)
            {
                wrong.Add($"{PaceOptions.Section}:Profiles:{profile}: PauseEvery must be 0 for no pauses, or at least 2.");
            }
        }

        wrong.AddRange(options.Transports
            .Where(transport => !options.Profiles.ContainsKey(transport.Value))
            .Select(transport => $"{PaceOptions.Section}:Transports:{transport.Key} names the profile '{transport.Value}', which {PaceOptions.Section}:Profiles does not have."));
        if (options.LeastSample > options.Sample)
        {
            wrong.Add($"{PaceOptions.Section}:LeastSample must not be above {PaceOptions.Section}:Sample.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
