using Wuts.Simulation.Runner;

return CommandLine.Run(args);
