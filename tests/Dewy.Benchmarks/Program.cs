Console.WriteLine("Choose a benchmark: none is here yet."); return 2;
